using Htmx;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Serving;

namespace PatientResponse.Infrastructure.Web.Layouts;

/// <param name="Waiting">How many of a clinician's conversations are to be done: replies, failed sends, locked links, new links that were asked for.</param>
/// <param name="EmailsDelayed">1 while emails that the clinician may be waiting for cannot be sent, else 0.</param>
/// <param name="TextsDelayed">1 when the carrier has been away for an hour, else 0.</param>
/// <param name="ScannerAway">1 when the virus scanner has been away for an hour, else 0.</param>
public sealed record Alarms(long Waiting, long EmailsDelayed, long TextsDelayed, long ScannerAway);

/// <summary>What every page of a clinician tells them: read with their session, or else when it is asked for.</summary>
public sealed class Attention(IDocumentSession session, TimeProvider time) : IReadWithSession
{
    /// <summary>Shorter delays are nobody's concern.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromMinutes(5);

    private Answer<IReadOnlyList<Alarms>>? _read;

    /// <summary>A part of a page does not show it, and what changes something leads to another page.</summary>
    public void Ask(IReading reading, string clinicianId, HttpContext context)
    {
        if (!context.Request.IsHtmx() || context.Request.IsForDesk())
            _read = Question(reading, clinicianId);
    }

    public async Task<Alarms> ReadAsync(string clinicianId, CancellationToken cancellation)
    {
        if (_read is null)
        {
            var reading = session.Read();
            _read = Question(reading, clinicianId);
            await reading.AskAsync(cancellation);
        }
        return _read.Value[0];
    }

    /// <summary>What was read with the session; null before it is asked for.</summary>
    public long? Count => _read?.Value[0].Waiting;

    public async Task<long> CountAsync(string clinicianId, CancellationToken cancellation) => (await ReadAsync(clinicianId, cancellation)).Waiting;

    private Answer<IReadOnlyList<Alarms>> Question(IReading reading, string clinicianId) => reading.Query<Alarms>(
        """
        select
            (select count(*) from mt_doc_conversation_row where requester = @clinicianId and attention > 0) as Waiting,
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
        });
}
