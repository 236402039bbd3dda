using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.UploadReply;

/// <summary>What a patient wrote, kept until it is sent.</summary>
public static class DraftKeeping
{
    /// <summary>In characters. Far above what can be sent, so that a text that is too long can still be made shorter.</summary>
    private const int MostKept = 60_000;

    /// <summary>Drafts of words alone in one conversation. Each right date of birth may begin one; nobody has so many browsers.</summary>
    private const int MostDrafts = 20;

    /// <summary>Part of the session's next save.</summary>
    /// <param name="all">The drafts of the conversation.</param>
    public static void Keep(IDocumentSession session, ReplyDraft draft, IReadOnlyList<ReplyDraft> all, DateTimeOffset now)
    {
        session.Store(draft with { Text = draft.Text[..Math.Min(draft.Text.Length, MostKept)] });
        if (draft.StartedAt != now)
            return;
        session.Publish([new OutgoingMessages.Envelope(new TidyDrafts(draft.ConversationId), draft.Expires)]);
        // Those with files are few: see Room.MaxStaged.
        var words = all.Where(other => other.Id != draft.Id && other.Files.Count == 0);
        foreach (var oldest in words.OrderByDescending(other => other.StartedAt).Skip(MostDrafts - 1))
            session.Delete(oldest);
    }
}
