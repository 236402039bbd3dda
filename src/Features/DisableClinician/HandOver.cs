using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.DisableClinician;

/// <summary>Conversations that somebody has to go on with.</summary>
public static class HandOver
{
    /// <summary>Open: a reply can still come, something is to be done or to be said about a missing answer, or the SMS is on its way.</summary>
    public static async Task<IReadOnlyList<Guid>> OpenAsync(IDatabase database, string requester, CancellationToken cancellation)
    {
        return await database.QueryAsync<Guid>(
            """
            select id from mt_doc_conversation_row where requester = @requester and
                (attention > 0 or status in ('Open', 'Locked') or (done = 0 and status <> 'Undone' and (status in ('Replied', 'Expired') or delivery in ('Queued', 'Sending'))))
            order by sent_at, id
            """, new { requester }, cancellation);
    }

    /// <summary>What stands in the way; null when nothing does.</summary>
    /// <param name="to">As it was typed; <paramref name="colleague"/> is whose it is.</param>
    public static string? Problem(string email, Clinician? leaver, string? to, Clinician? colleague, int open) =>
        leaver is null ? $"There is nobody with the email address '{email}'."
        : to is null ? open == 0 ? null : $"{leaver.Email} has {open} open conversations. Say who takes them: --hand-over-to EMAIL."
        : colleague is null ? $"There is nobody with the email address '{to}'."
        : colleague.Id == leaver.Id ? "Hand over to somebody else."
        : colleague.Disabled ? $"{colleague.Email} is disabled."
        : colleague.PracticeId != leaver.PracticeId ? $"{colleague.Email} is not in the same practice."
        : null;

    /// <returns>False when it is not theirs any more.</returns>
    public static Task<bool> RunAsync(
        IDocumentSession documents, Guid id, Clinician from, Clinician to, TimeProvider time, CancellationToken cancellation) => documents.DecideAsync(async () =>
    {
        if (await documents.Events.FetchForWriting<Conversation>(id, cancellation) is not { } stream || stream.Aggregate.RequesterId != from.Id)
            return false;
        stream.AppendMany([new ConversationHandedOver(from.Id, from.Name, to.Id, to.Name, time.GetUtcNow())]);
        documents.Audit("operator", "handed over", id.ToString("N"), $"from {from.Id} to {to.Id}");
        await documents.SaveChangesAsync(cancellation);
        return true;
    });
}
