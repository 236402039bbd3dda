using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features;

/// <summary>Only the person who asked may see or change a conversation.</summary>
public static class ConversationAccess
{
    /// <summary>The clinician's own conversation. Null for anyone else's, and for one that does not exist: nobody can tell
    /// these apart, and the refusal is on record.</summary>
    /// <param name="also">Asks for more in the same round trip.</param>
    public static async Task<IEventStream<Conversation>?> FetchMineAsync(
        this IDocumentSession session, string id, Clinician clinician, CancellationToken cancellation, Action<IReading, Guid>? also = null)
    {
        var known = Ids.Parse(id);
        var stream = known is { } conversation ? await FetchAsync(session, conversation, also, cancellation) : null;
        return await session.MineOrRefusedAsync(id, stream, clinician, cancellation);
    }

    /// <summary>The same for a conversation that was read with other things.</summary>
    public static async Task<IEventStream<Conversation>?> MineOrRefusedAsync(
        this IDocumentSession session, string id, IEventStream<Conversation>? stream, Clinician clinician, CancellationToken cancellation)
    {
        if (stream?.Aggregate.RequesterId == clinician.Id)
            return stream;
        session.Audit(clinician.Id, "refused", Ids.Parse(id)?.ToString("N") ?? "not an id");
        await session.SaveChangesAsync(cancellation);
        return null;
    }

    private static async Task<IEventStream<Conversation>?> FetchAsync(IDocumentSession session, Guid id, Action<IReading, Guid>? also, CancellationToken cancellation)
    {
        var reading = session.Read();
        var stream = reading.FetchForWriting<Conversation>(id);
        also?.Invoke(reading, id);
        await reading.AskAsync(cancellation);
        return stream.Value;
    }
}
