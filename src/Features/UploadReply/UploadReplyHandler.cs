using System.Globalization;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <param name="Fingerprint">Of the browser and of all that it sent: the same answer sent twice is one reply.</param>
/// <param name="Link">The hash of the link that this browser came in by.</param>
/// <param name="Language">The tag of the language that the page was in.</param>
/// <param name="ArrivedAt">When the request's headers arrived.</param>
/// <param name="Proxy">Who wrote for the patient; null when the patient did.</param>
public sealed record UploadReply(
    Guid ReplyId, string Text, IReadOnlyList<ReplyFile> Files, string Fingerprint, string Link, string Language, DateTimeOffset ArrivedAt, Proxy? Proxy = null);

/// <summary>Why a reply is not taken.</summary>
public abstract record Refusal
{
    private Refusal() { }

    /// <summary>The link is over.</summary>
    public sealed record Dead(LinkState State) : Refusal;

    /// <summary>The browser repeats what was accepted already: the answer got lost on its way.</summary>
    public sealed record Repeated : Refusal;

    /// <summary>Something to put right.</summary>
    public sealed record Mistake(IReadOnlyList<FieldError> Errors) : Refusal;
}

public static class UploadReplyHandler
{
    /// <summary>In characters, as GOV.UK Forms has it for long answers.</summary>
    public const int MaxText = 5_000;

    /// <summary>Who has not looked at the reply by then is emailed about it once more.</summary>
    public static readonly TimeSpan RemindAfter = TimeSpan.FromHours(24);

    public static Refusal? Validate(UploadReply command, Conversation conversation)
    {
        if (conversation.Reply?.Fingerprint == command.Fingerprint)
            return new Refusal.Repeated();
        if (DeadState(conversation, command.Link, command.ArrivedAt) is { } dead)
            return new Refusal.Dead(dead);
        FieldError[] errors =
        [
            .. command.Text.Length > MaxText ? [new FieldError("text", TooLong(command.Text.Length - MaxText))]
                : string.IsNullOrWhiteSpace(command.Text) && command.Files.Count == 0 ? [new FieldError("text", Say("reply.nothing"))]
                : Array.Empty<FieldError>(),
            .. ProxyFields.Problems(command.Proxy),
            .. command.Files.Count > FileRules.MaxFiles ? [new FieldError("files", FileProblems.TooMany)] : Array.Empty<FieldError>(),
        ];
        return errors.Length > 0 ? new Refusal.Mistake(errors) : null;
    }

    /// <summary>The longest texts arrive cut, so that how long they were is not known.</summary>
    private static string TooLong(int excess) => excess > 50_000
        ? Say("reply.far-too-long", Number(MaxText), Number(50_000))
        : Say("reply.too-long", Number(MaxText), Number(excess));

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Why a browser that came in by this link cannot go on; null while it can. A lock keeps further guesses out:
    /// whoever gave the right date before it may finish.</summary>
    public static LinkState? DeadState(Conversation conversation, string link, DateTimeOffset now) => conversation.LinkAt(now) switch
    {
        LinkState.Open or LinkState.Locked => IsCurrent(conversation, link) ? null : LinkState.Replaced,
        var over => over,
    };

    private static bool IsCurrent(Conversation conversation, string link) =>
        LinkToken.TryParse(conversation.Token, out var current) && current.Hash == link;

    public static (Events, OutgoingMessages) Handle(UploadReply command, Conversation conversation, DateTimeOffset now)
    {
        var messages = new OutgoingMessages
        {
            new NotifyRequester(conversation.Id, Notice.Replied, command.ReplyId),
            new TidyDrafts(conversation.Id),
        };
        if (command.Files.Any(file => file.Scan == FileScan.Waiting))
            messages.Add(new ScanFiles(conversation.Id, now));
        messages.Schedule(new TidyDrafts(conversation.Id), now + TidyDraftsHandler.UploadsAreOverAfter);
        messages.Schedule(NotifyRequester.Once(conversation.Id, Notice.StillUnread), now + RemindAfter);
        return ([new ReplyUploaded(command.ReplyId, command.Text, command.Files, command.Fingerprint, now, command.Language, command.Proxy)], messages);
    }
}
