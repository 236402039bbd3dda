using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features;

/// <summary>Only the person who asked may see or change a conversation.</summary>
public static class ConversationAccess
{
    /// <summary>The clinician's own conversation. Null for anyone else's, and for one that does not exist: nobody can tell
    /// these apart, and the refusal is on record.</summary>
    public static async Task<IEventStream<Conversation>?> FetchMineAsync(
        this IDocumentSession session, string id, Clinician clinician, CancellationToken cancellation)
    {
        var known = Ids.Parse(id);
        var stream = known is { } conversation ? await session.Events.FetchForWriting<Conversation>(conversation, cancellation) : null;
        if (stream?.Aggregate.RequesterId == clinician.Id)
            return stream;
        session.Audit(clinician.Id, "refused", known?.ToString("N") ?? "not an id");
        await session.SaveChangesAsync(cancellation);
        return null;
    }
}
