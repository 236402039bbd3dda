using PatientResponse.Infrastructure.Languages;

namespace PatientResponse.Features.UploadReply;

/// <summary>What becomes of what a patient's browser sent.</summary>
public abstract record ReplyDecision
{
    private ReplyDecision() { }

    /// <summary>It was accepted before, and the answer got lost on its way. Nothing changes.</summary>
    public sealed record Repeated : ReplyDecision;

    /// <summary>It was on its way when the patient deleted everything. Nothing changes.</summary>
    public sealed record TooLate : ReplyDecision;

    /// <summary>The link is over, and the draft with it.</summary>
    public sealed record Over(LinkState State) : ReplyDecision;

    /// <summary>Everything that was written goes.</summary>
    public sealed record Delete : ReplyDecision;

    /// <summary>One file goes.</summary>
    /// <param name="File">Its id, as the form has it.</param>
    public sealed record Remove(string File) : ReplyDecision;

    /// <summary>Files join the draft; the page's script asks for nothing else.</summary>
    public sealed record Add : ReplyDecision;

    /// <summary>Kept, and shown in another language.</summary>
    public sealed record Translate(Language To) : ReplyDecision;

    /// <summary>Kept, not sent.</summary>
    public sealed record Keep : ReplyDecision;

    /// <summary>Kept, and there is something to put right first: files that were refused, or a mistake.</summary>
    public sealed record Again(Refusal.Mistake? Mistake) : ReplyDecision;

    public sealed record Send : ReplyDecision;

    /// <param name="refusal">Of <see cref="UploadReplyHandler.Validate"/>.</param>
    /// <param name="action">The value of the button that was pressed.</param>
    /// <param name="isOfFilesOnly">The page's script sent files without words.</param>
    /// <param name="wasDeleted">This browser deleted everything after it began to send this.</param>
    /// <param name="anyRefused">A file that came along was not taken.</param>
    public static ReplyDecision Of(Refusal? refusal, string action, bool isOfFilesOnly, bool wasDeleted, bool anyRefused) => (refusal, action.Split(':', 2)) switch
    {
        (Refusal.Repeated, _) when !isOfFilesOnly => new Repeated(),
        (Refusal.Dead dead, _) => new Over(dead.State),
        _ when isOfFilesOnly && wasDeleted => new TooLate(),
        (_, ["delete"]) => new Delete(),
        (_, ["remove", var file]) => new Remove(file),
        _ when isOfFilesOnly => new Add(),
        (_, ["language", var tag]) => !anyRefused && Language.OfTag(tag) is { } language ? new Translate(language) : new Again(null),
        _ when anyRefused => new Again(null),
        (_, ["keep"]) => new Keep(),
        (Refusal.Mistake mistake, _) => new Again(mistake),
        _ => new Send(),
    };
}
