using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Storage;
using static PatientResponse.Infrastructure.Web.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>How many more files a draft may take.</summary>
/// <param name="Beyond">What is said of a file that is one too many.</param>
public sealed record Room(int Left, string Beyond)
{
    /// <summary>Files that wait in all browsers together: each right date of birth begins a draft of its own, and nobody needs many.</summary>
    public const int MaxStaged = 25;

    public static Room For(ReplyDraft draft, IEnumerable<ReplyDraft> all, DateTimeOffset now)
    {
        var elsewhere = all.Where(other => other.Id != draft.Id && other.Expires > now).Sum(other => other.Files.Count);
        var (own, shared) = (FileRules.MaxFiles - draft.Files.Count, MaxStaged - elsewhere - draft.Files.Count);
        return shared < own
            ? new(Math.Max(0, shared), Say("file.elsewhere"))
            : new(Math.Max(0, own), FileProblems.TooMany);
    }
}

/// <summary>Makes the browsers of one conversation add files one after the other: each is saved together with a new version
/// of this document. Otherwise uploads that arrive at once would all find the same room.</summary>
public sealed record Staging(string Id, Guid ConversationId) : IDocument
{
    public Guid? Stream => ConversationId;

    public static async Task<Staging> LoadAsync(IDocumentSession session, Guid conversationId) =>
        await session.LoadAsync<Staging>($"{conversationId:N}") ?? new($"{conversationId:N}", conversationId);
}
