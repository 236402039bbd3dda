using System.Globalization;
using PatientResponse.Infrastructure.Storage;
using Wolverine;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Which messages wait for somebody else's outage to end: for whose and since when. In headers for whoever tries again, and in
/// a table of ours for every clinician's page, which cannot look into envelopes.</summary>
internal static class Delays
{
    private const string SinceHeader = "delayed-since";

    public static bool IsDelayed(Envelope envelope) => envelope.Headers.ContainsKey(SinceHeader);

    public static DateTimeOffset? Since(Envelope envelope) =>
        envelope.Headers.GetValueOrDefault(SinceHeader) is { } since ? DateTimeOffset.Parse(since, CultureInfo.InvariantCulture) : null;

    public static Statement Begin(Envelope envelope, string by, DateTimeOffset since)
    {
        envelope.Headers[SinceHeader] = since.ToString("O", CultureInfo.InvariantCulture);
        return new("insert into delayed_messages(id, waits_for, since) values(@id, @by, @since) on conflict(id) do update set waits_for = excluded.waits_for",
            new Dictionary<string, object?> { ["id"] = envelope.Id, ["by"] = by, ["since"] = Instant.To(since) });
    }

    public static Statement Over(Guid id) => new("delete from delayed_messages where id = @id", new Dictionary<string, object?> { ["id"] = id });

    public static Statement End(Envelope envelope)
    {
        envelope.Headers.Remove(SinceHeader);
        return Over(envelope.Id);
    }
}
