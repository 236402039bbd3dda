using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web;

/// <param name="Waiting">How many of a clinician's conversations wait for them: unread replies, failed sends, locked and expired links.</param>
/// <param name="EmailsDelayed">1 while emails that the clinician may be waiting for cannot be sent, else 0.</param>
public sealed record Alarms(long Waiting, long EmailsDelayed);

/// <summary>What every page of a clinician tells them, in one round trip.</summary>
public sealed class Attention(IDatabase database, TimeProvider time)
{
    /// <summary>Shorter delays are nobody's concern.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromMinutes(5);

    public async Task<Alarms> ReadAsync(string clinicianId, CancellationToken cancellation) =>
        (await database.QueryAsync<Alarms>(
            """
            select
                (select count(*) from mt_doc_conversation_row where requester = @clinicianId and attention = 1) as Waiting,
                cast(case when exists(select 1 from delayed_messages where waits_for in (@relay, @own) and since <= @since) then 1 else 0 end as bigint) as EmailsDelayed
            """,
            new { clinicianId, relay = EmailDelay.Everybodys, own = EmailDelay.Of(clinicianId), since = Instant.To(time.GetUtcNow() - WorthTelling) }, cancellation))[0];

    public async Task<long> CountAsync(string clinicianId, CancellationToken cancellation) => (await ReadAsync(clinicianId, cancellation)).Waiting;
}
