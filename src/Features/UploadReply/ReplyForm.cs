using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>What the patient reads after sending.</summary>
/// <param name="FilesWait">For the virus scanner, which was away.</param>
public sealed record SentReply(Practice Practice, bool FilesWait);

/// <summary>What the reply page shows.</summary>
public sealed record ReplyForm(string Ref, Conversation Conversation, Practice Practice, ReplyDraft Draft)
{
    public IReadOnlyList<RefusedFile> Refused { get; init; } = [];
    public Refusal.Mistake? Mistake { get; init; }

    /// <summary>The page was open for too long: nothing of this POST was stored.</summary>
    public bool IsStale { get; init; }

    /// <summary>How many more files may be added.</summary>
    public int Room => FileRules.MaxFiles - Draft.Files.Count;

    /// <summary>What is wrong with files, each by its name.</summary>
    public IReadOnlyList<string> FileErrors =>
    [
        .. Mistake?.Errors.Where(error => error.Field == "files").Select(error => error.Message) ?? [],
        .. Refused.Select(file => $"{file.Name}: {file.Message}"),
    ];

    public IReadOnlyList<FieldError> Errors =>
    [
        .. IsStale ? [new FieldError("text", Say("reply.stale"))] : Array.Empty<FieldError>(),
        .. Mistake?.Errors.Where(error => error.Field != "files") ?? [],
        // Where no more can be chosen, the list of files is the place to put it right.
        .. FileErrors.Select(message => new FieldError(Room > 0 ? "files" : "attached", message)),
    ];
}

/// <summary>One line about who replies for the patient.</summary>
public sealed record ProxyInput(string Id, string Label, string? Value, string? Error, string? Hint = null, string? Autocomplete = null);
