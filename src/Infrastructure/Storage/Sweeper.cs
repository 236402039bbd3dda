using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Deletes what has run out: old sessions and counts, and whatever a slice sweeps. Nothing while the clocks are in doubt.</summary>
public sealed class Sweeper(IDatabase database, Clocks clocks, TimeProvider time, IServiceScopeFactory scopes)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private DateTimeOffset _last;

    /// <summary>Sweeps if an hour has passed since this process last did.</summary>
    public async Task SweepIfDueAsync(CancellationToken cancellation)
    {
        if (!Every.HasPassed(_last, time.GetUtcNow()))
            return;
        _last = time.GetUtcNow();
        await SweepAsync(cancellation);
    }

    /// <summary>Documents of a conversation are left to its own tidying, which deletes their files as well.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var clock = await clocks.CheckAsync(cancellation);
        if (!clock.IsSound)
            return;
        var now = new Dictionary<string, object?> { ["now"] = Instant.To(clock.Now) };
        await database.SaveAsync(
        [
            new("delete from mt_doc_sealed where expires <= @now and stream is null", now),
            new("delete from counters where expires <= @now", now),
        ], cancellation);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var sweep in Discovery.Find<ISweep>(scope.ServiceProvider))
            await sweep.SweepAsync(clock.Now, cancellation);
    }
}
