using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Somebody whom we depend on and who does not answer.</summary>
/// <param name="Of">One of the names in <see cref="Outages"/>.</param>
public sealed record Outage(string Of, DateTimeOffset Since);

/// <summary>Which of those that we depend on are away, and since when: noted by whoever asks them, for all copies, beside the messages
/// that wait. Noting never fails what was asked.</summary>
public sealed class Outages(IDatabase database, TimeProvider time)
{
    public const string Scanner = "scanner";
    public const string Sms = "sms";

    /// <summary>The relay: known by the emails that wait for it.</summary>
    public const string Email = "email";

    /// <summary>Another copy may have noted what has ended here.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (bool IsAway, DateTimeOffset At)> _noted = [];

    /// <param name="isAway">Whether it failed to answer just now.</param>
    public async Task NoteAsync(string who, bool isAway)
    {
        var now = time.GetUtcNow();
        if (_noted.TryGetValue(who, out var last) && last.IsAway == isAway && now - last.At < AgainAfter)
            return;
        try
        {
            await database.SaveAsync([isAway
                ? new("insert into delayed_messages(id, waits_for, since) values(@id, @who, @since) on conflict(id) do nothing",
                    new Dictionary<string, object?> { ["id"] = IdOf(who), ["who"] = who, ["since"] = Instant.To(now) })
                : Delays.Over(IdOf(who))], CancellationToken.None);
            _noted[who] = (isAway, now);
        }
        catch (Exception e) when (e is DbException or ConcurrencyException or TimeoutException)
        {
            // The next one who asks notes it.
        }
    }

    /// <summary>Those that are away now.</summary>
    public async Task<IReadOnlyList<Outage>> ReadAsync(CancellationToken cancellation) =>
        [.. (await database.QueryAsync<Row>(
            "select waits_for as Who, min(since) as Since from delayed_messages where waits_for in (@Scanner, @Sms, @Email) group by waits_for order by waits_for",
            new { Scanner, Sms, Email }, cancellation)).Select(row => new Outage(row.Who, Instant.From(row.Since)))];

    private static Guid IdOf(string who) => new(SHA256.HashData(Encoding.ASCII.GetBytes("outage/" + who)).AsSpan(..16));

    private sealed record Row(string Who, long Since);
}
