using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Counts things in a window of time, for limits, across all copies of the process. Keys are stored hashed.</summary>
public sealed class Counters(IDatabase database, Keyring keyring, TimeProvider time)
{
    /// <summary>Adds one and returns the new count. A count begins anew when its window has passed.</summary>
    public async Task<long> AddAsync(string key, TimeSpan window, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await database.WriteAsync<long>(
            """
            insert into counters(id, n, expires) values(@id, 1, @expires)
            on conflict(id) do update set
                n = case when counters.expires <= @now then 1 else counters.n + 1 end,
                expires = case when counters.expires <= @now then excluded.expires else counters.expires end
            returning n
            """, new { id = Id(key), now = Instant.To(now), expires = Instant.To(now + window) }, cancellation);
        return rows[0];
    }

    /// <summary>Takes one back that should not have been counted.</summary>
    public Task TakeBackAsync(string key, CancellationToken cancellation) =>
        database.SaveAsync([new("update counters set n = n - 1 where id = @id and n > 0", new Dictionary<string, object?> { ["id"] = Id(key) })], cancellation);

    /// <summary>The count so far; nothing is added.</summary>
    public async Task<long> ReadAsync(string key, CancellationToken cancellation)
    {
        var rows = await database.QueryAsync<long>(
            "select n from counters where id = @id and expires > @now", new { id = Id(key), now = Instant.To(time.GetUtcNow()) }, cancellation);
        return rows.Count == 0 ? 0 : rows[0];
    }

    public Task ClearAsync(string key, CancellationToken cancellation) =>
        database.SaveAsync([new("delete from counters where id = @id", new Dictionary<string, object?> { ["id"] = Id(key) })], cancellation);

    private string Id(string key) => keyring.Lookup("counter", key);
}
