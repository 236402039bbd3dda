using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Counts things in a window of time, for limits, across all copies of the process. Keys are stored hashed.</summary>
public sealed class Counters(IDatabase database, Keyring keyring, TimeProvider time)
{
    /// <summary>One that ends later than it could was begun by a wrong clock, and would lock somebody out for as long as that was ahead.</summary>
    private const string AddOne =
        """
        on conflict(id) do update set
            n = case when counters.expires between @now + 1 and @latest then counters.n + 1 else 1 end,
            expires = case when counters.expires between @now + 1 and @latest then counters.expires else excluded.expires end
        """;

    private static readonly TimeSpan AskedAgainWithin = TimeSpan.FromMinutes(2);

    /// <summary>Adds one and returns the new count. A count begins anew when its window has passed.</summary>
    public async Task<long> AddAsync(string key, TimeSpan window, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await database.WriteAsync<long>(
            $"insert into counters(id, n, expires) values(@id, 1, @expires) {AddOne} returning n",
            new { id = Id(key), now = Instant.To(now), expires = Instant.To(now + window), latest = Latest(now, window) }, cancellation);
        return rows[0];
    }

    /// <summary>The same among questions. Those are asked again after a lost connection, so this one leaves a mark of its own, and where that
    /// is found nothing is added. Nobody waits for a disk: a server that crashes in this second forgets one.</summary>
    /// <param name="onlyIf">Nothing is counted, and nothing answered, where this is not there.</param>
    public Answer<IReadOnlyList<long>> Add(IReading reading, string key, TimeSpan window, Sought onlyIf)
    {
        var now = time.GetUtcNow();
        return reading.Query<long>(
            $"""
            with first as (
                insert into counters(id, n, expires) select @mark, 0, @soon where {onlyIf.Sql} is not null on conflict(id) do nothing returning id),
            counted as (
                insert into counters(id, n, expires) select @id, 1, @expires from first {AddOne} returning n)
            select n from counted where set_config('synchronous_commit', 'off', true) is not null
            union all
            select n from counters where id = @id and not exists (select 1 from first) and {onlyIf.Sql} is not null
            """,
            new Dictionary<string, object>(onlyIf.Parameters)
            {
                ["id"] = Id(key),
                ["mark"] = Id($"once/{Guid.NewGuid():N}"),
                ["soon"] = Instant.To(now + AskedAgainWithin),
                ["now"] = Instant.To(now),
                ["expires"] = Instant.To(now + window),
                ["latest"] = Latest(now, window),
            });
    }

    /// <summary>Takes one back that should not have been counted.</summary>
    public Task TakeBackAsync(string key, CancellationToken cancellation) => database.SaveAsync([TakeBack(key)], cancellation);

    public Statement TakeBack(string key) => new("update counters set n = n - 1 where id = @id and n > 0", new Dictionary<string, object?> { ["id"] = Id(key) });

    /// <summary>Part of a save: adds one, and fails it where that would be more than <paramref name="most"/>.</summary>
    public Statement AddUpTo(long most, string key, TimeSpan window)
    {
        var now = time.GetUtcNow();
        return new($"insert into counters(id, n, expires) values(@id, 1, @expires) {AddOne} where counters.n < @most or counters.expires not between @now + 1 and @latest",
            new Dictionary<string, object?> { ["id"] = Id(key), ["now"] = Instant.To(now), ["expires"] = Instant.To(now + window), ["latest"] = Latest(now, window), ["most"] = most }, MustAffect: 1);
    }

    /// <summary>The counts of several keys, in their order; nothing is added.</summary>
    public Func<IReadOnlyList<long>> Read(IReading reading, IReadOnlyList<string> keys)
    {
        string[] ids = [.. keys.Select(Id)];
        var found = reading.Query<Counted>("select id, n from counters where id = any(@ids) and expires > @now", new { ids, now = Instant.To(time.GetUtcNow()) });
        return () =>
        {
            var counts = found.Value.ToDictionary(row => row.Id, row => row.N);
            return [.. ids.Select(id => counts.GetValueOrDefault(id))];
        };
    }

    /// <summary>The count so far; nothing is added.</summary>
    public async Task<long> ReadAsync(string key, CancellationToken cancellation)
    {
        var rows = await database.QueryAsync<long>(
            "select n from counters where id = @id and expires > @now", new { id = Id(key), now = Instant.To(time.GetUtcNow()) }, cancellation);
        return rows.Count == 0 ? 0 : rows[0];
    }

    public Task ClearAsync(string key, CancellationToken cancellation) =>
        database.SaveAsync([new("delete from counters where id = @id", new Dictionary<string, object?> { ["id"] = Id(key) })], cancellation);

    private sealed record Counted(string Id, long N);

    private static long Latest(DateTimeOffset now, TimeSpan window) => Instant.To(now + window + ClockJudge.Apart);

    private string Id(string key) => keyring.Lookup("counter", key);
}
