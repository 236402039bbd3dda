using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>How many more files a draft may take.</summary>
/// <param name="Free">How many more all browsers together may add.</param>
/// <param name="Beyond">What is said of a file that is one too many.</param>
public sealed record Room(int Left, int Free, string Beyond)
{
    /// <summary>Files that wait in all browsers together: each right date of birth begins a draft of its own, and nobody needs many.</summary>
    public const int MaxStaged = 25;

    public static Room For(ReplyDraft draft, IEnumerable<ReplyDraft> all, DateTimeOffset now)
    {
        var elsewhere = all.Where(other => other.Id != draft.Id && other.Expires > now).Sum(other => other.Files.Count);
        var (own, shared) = (FileRules.MaxFiles - draft.Files.Count, MaxStaged - elsewhere - draft.Files.Count);
        return shared < own
            ? new(Math.Max(0, shared), Math.Max(0, shared), Say("file.elsewhere"))
            : new(Math.Max(0, own), Math.Max(0, shared), FileProblems.TooMany);
    }
}

/// <summary>Makes what the browsers of one conversation add, save, delete and send come one after the other: each is saved together
/// with a new version of this document. Otherwise uploads that arrive at once would all find the same room, and words that were on
/// their way when the answer was sent would begin a new draft.</summary>
/// <param name="Deletions">When each browser last deleted what it wrote, by its own clock (<see cref="ReplyDraft.TypedAt"/>).</param>
public sealed record Staging(string Id, Guid ConversationId, IReadOnlyDictionary<string, long>? Deletions = null) : IShortLived
{
    public Guid? Stream => ConversationId;

    /// <summary>Whether a browser deleted what it typed or chose then: it came late, and must not come back.</summary>
    public bool IsDeleted(string browser, long typedAt) => Deletions?.TryGetValue(browser, out var deletedAt) == true && typedAt <= deletedAt;

    public Staging After(string browser, long deletedAt) => deletedAt == 0 ? this
        : this with { Deletions = new Dictionary<string, long>(Deletions ?? new Dictionary<string, long>()) { [browser] = deletedAt } };

    public static string IdOf(Guid conversationId) => $"{conversationId:N}";
}
