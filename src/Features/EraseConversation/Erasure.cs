using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.EraseConversation;

/// <summary>Destroys a conversation: its key, its words and its rows with the save, its files right after.</summary>
public static class Erasure
{
    /// <summary>Longer than any upload takes: what was on its way then is deleted as well.</summary>
    private static readonly TimeSpan UploadsAreOverAfter = TimeSpan.FromHours(2);

    /// <summary>What stands in the tombstone where a restored backup had brought a conversation back.</summary>
    public const string BroughtBack = "was erased before; a restored backup had brought it back";

    public const string PastRetention = "past retention";

    /// <summary>Adds the erasure to the session's next save.</summary>
    /// <param name="order">The signed order, for the files and the marker.</param>
    /// <param name="version">How many events the decision rests on; null where nothing can change it.</param>
    public static void Enlist(IDocumentSession session, Guid id, string actor, string reason, string order, DateTimeOffset now, int? version = null)
    {
        session.Events.Erase<Conversation>(id, reason, version);
        session.Audit(actor, "erased", id.ToString("N"), reason);
        var messages = new OutgoingMessages { new FinishErasing(id, order) };
        messages.Schedule(new FinishErasing(id, order), now + UploadsAreOverAfter);
        session.Publish(messages);
    }

    /// <summary>Erases a conversation whatever its state.</summary>
    /// <returns>False when there is none, or not any more.</returns>
    public static Task<bool> EraseAsync(
        IDocumentSession session, Guid id, string actor, string reason, string order, DateTimeOffset now, CancellationToken cancellation) =>
        session.DecideAsync(async () =>
        {
            if (!await session.Events.ExistsAsync(id, cancellation))
                return false;
            Enlist(session, id, actor, reason, order, now);
            await session.SaveChangesAsync(cancellation);
            return true;
        });
}
