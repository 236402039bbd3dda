using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Web;

/// <param name="Waiting">How many of a clinician's conversations wait for them: unread replies, failed sends, locked and expired links.</param>
/// <param name="EmailsDelayed">1 while emails that the clinician may be waiting for cannot be sent, else 0.</param>
/// <param name="TextsDelayed">1 when the carrier has been away for an hour, else 0.</param>
/// <param name="ScannerAway">1 when the virus scanner has been away for an hour, else 0.</param>
public sealed record Alarms(long Waiting, long EmailsDelayed, long TextsDelayed, long ScannerAway);

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
                cast(case when exists(select 1 from delayed_messages where waits_for in (@relay, @own) and since <= @since) then 1 else 0 end as bigint) as EmailsDelayed,
                (select count(*) from delayed_messages where waits_for = @sms and since <= @hourAgo) as TextsDelayed,
                (select count(*) from delayed_messages where waits_for = @scanner and since <= @hourAgo) as ScannerAway
            """,
            new
            {
                clinicianId,
                relay = EmailDelay.Everybodys,
                own = EmailDelay.Of(clinicianId),
                since = Instant.To(time.GetUtcNow() - WorthTelling),
                sms = Outages.Sms,
                scanner = Outages.Scanner,
                hourAgo = Instant.To(time.GetUtcNow() - OutageAlarm.After),
            }, cancellation))[0];

    public async Task<long> CountAsync(string clinicianId, CancellationToken cancellation) => (await ReadAsync(clinicianId, cancellation)).Waiting;
}
