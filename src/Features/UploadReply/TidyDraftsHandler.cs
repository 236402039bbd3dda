using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.UploadReply;

/// <summary>Deletes drafts that are over, and files of the conversation that neither the reply nor a living draft holds.</summary>
public static class TidyDraftsHandler
{
    /// <summary>Longer than any upload takes: a younger file may be on its way into a draft or a reply.</summary>
    public static readonly TimeSpan UploadsAreOverAfter = TimeSpan.FromHours(2);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(1);

    public static async Task HandleAsync(TidyDrafts message, IDocumentSession session, IFileStore store, Clocks clocks, CancellationToken cancellation)
    {
        var clock = await clocks.CheckAsync(cancellation);
        // While the clocks are in doubt nothing is over, or old, by time; by what happened it is.
        var now = clock.IsSound ? clock.Now : DateTimeOffset.UnixEpoch;
        // The drafts before the reply: a draft that is sent in between shows its files in one or the other.
        var reading = session.Read();
        var (drafts, read) = (reading.List<ReplyDraft>(message.ConversationId), reading.FetchForWriting<Conversation>(message.ConversationId));
        await reading.AskAsync(cancellation);
        if (read.Value is not { } stream)
            return;
        var (living, over) = (drafts.Value.Where(draft => IsLiving(draft, stream.Aggregate, now)).ToList(), drafts.Value.Where(draft => !IsLiving(draft, stream.Aggregate, now)).ToList());
        foreach (var draft in over)
            session.Delete(draft);
        // The documents go first: a crash in between leaves files without a draft, never a draft without its files.
        await session.SaveChangesAsync(cancellation);

        var kept = living.SelectMany(draft => draft.Files).Concat(stream.Aggregate.Reply?.Files ?? []).Select(file => file.Id).ToHashSet();
        var dropped = over.SelectMany(draft => draft.Files).Select(file => file.Id).ToHashSet();
        await foreach (var name in store.ListAsync(BlobName.FolderOf(message.ConversationId), cancellation))
        {
            if (Ids.Parse(name[^32..]) is { } id && !kept.Contains(id) && (dropped.Contains(id) || IsOld(id, now)))
                await store.DeleteAsync(name, cancellation);
        }
        if (!clock.IsSound)
            session.Publish([new OutgoingMessages.Envelope(message, clock.Now + AskAgainAfter)]);
    }

    public static bool IsLiving(ReplyDraft draft, Conversation conversation, DateTimeOffset now) =>
        now < draft.Expires && conversation.Status is (ConversationStatus.Open or ConversationStatus.Locked);

    /// <summary>When a file was staged its id tells (UUID version 7): it begins with the milliseconds since 1970. Other ids are not ours.</summary>
    private static bool IsOld(Guid id, DateTimeOffset now) =>
        id.Version == 7 && Convert.ToInt64(id.ToString("N")[..12], 16) <= Instant.To(now - UploadsAreOverAfter);
}
