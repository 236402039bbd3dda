using System.Diagnostics.Metrics;
using System.Globalization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Files.Checkpoints;

/// <summary>Links what was written into the chain, writes checkpoints of it outside the database, and learns from those of other copies.</summary>
public sealed partial class RecordKeeper(
    Chain chain, CheckpointStore checkpoints, KnownVersions known, IServiceScopeFactory scopes, IDatabase database, TimeProvider time, ILogger<RecordKeeper> logger) : IDisposable
{
    /// <summary>What is taken back between two checkpoints may go unseen.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>Of the time that a process has to stop.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private string _doubt = "";
    private string _forgery = "";

    /// <summary>Whether the database lacks what a checkpoint says, or somebody without keys has written to the record.</summary>
    public bool IsInDoubt => _doubt != "";

    /// <summary>The last checkpoint of a process. What it cannot write the next one writes.</summary>
    public Task EndAsync() => TryAsync(cancellation => KeepAsync(isEnd: true, cancellation));

    /// <summary>Learns what the newest checkpoint says, if it can be read.</summary>
    public Task TryLearnAsync() => TryAsync(LearnAsync);

    /// <param name="isEnd">A checkpoint is written even when it is not due.</param>
    public async Task KeepAsync(bool isEnd, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var (newest, forged) = await chain.ExtendAsync(cancellation);
            var outside = await LearnAsync(cancellation);
            if (forged > 0)
                Doubt(_forgery = $"{forged} rows of the audit record or the heads were written by somebody who has no key");
            if (newest is null || !await IsGoneOnFromAsync(outside, newest, cancellation))
                return;
            if (newest != outside?.Link && (isEnd || outside is null || Every.HasPassed(outside.At, time.GetUtcNow())))
                await WriteAsync(newest, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Learns what the newest checkpoint says. Before the first request, so that nothing that it says was is taken for new.</summary>
    public async Task<Checkpoint?> LearnAsync(CancellationToken cancellation)
    {
        var outside = await checkpoints.NewestAsync(cancellation);
        if (outside is not null)
            known.Take(outside.Link.Era, outside.Versions);
        return outside;
    }

    /// <summary>Takes the database as it is. Whoever could do less before may do it again.</summary>
    /// <returns>The documents that are at an earlier version than was known.</returns>
    public async Task<IReadOnlyList<string>> AcceptAsync(CancellationToken cancellation)
    {
        var outside = await LearnAsync(cancellation);
        var before = new Dictionary<string, long>(known.All);
        var link = await chain.AcceptAsync(outside?.Link.Era ?? 0, cancellation);
        known.Take(link.Era, new Dictionary<string, long>());
        await WriteAsync(link, cancellation);
        (_doubt, _forgery) = ("", "");
        return [.. before.Where(was => known.All.GetValueOrDefault(was.Key) < was.Value).Select(was => $"document/{was.Key}").Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether the database has what the newest checkpoint says.</summary>
    public async Task<bool> IsGoneOnFromAsync(Checkpoint? outside, ChainLink newest, CancellationToken cancellation)
    {
        if (outside is null || newest.Era > outside.Link.Era || await chain.HasAsync(outside.Link, cancellation))
        {
            _doubt = _forgery;
            return true;
        }
        Doubt(string.Create(CultureInfo.InvariantCulture, $"The database is not what it was at checkpoint {outside.Link.Era}-{outside.Link.N} of {outside.At:O}: ")
            + "an older state was put back, or its record was changed");
        return false;
    }

    public void Dispose() => _turn.Dispose();

    private async Task WriteAsync(ChainLink link, CancellationToken cancellation)
    {
        await using (var scope = scopes.CreateAsyncScope())
        {
            // Whoever reads them knows their versions afterwards.
            var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
            await session.ListReadableAsync<Clinician>(database, cancellation);
            await session.ListReadableAsync<Practice>(database, cancellation);
        }
        await checkpoints.WriteAsync(new(link, time.GetUtcNow(), new Dictionary<string, long>(known.All)), cancellation);
        LogCheckpoint($"{link}");
    }

    private async Task TryAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            using var tooLong = new CancellationTokenSource(Longest, time);
            await work(tooLong.Token);
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }

    /// <summary>It is tried again.</summary>
    public void Failed(Exception e)
    {
        if (e is DamagedException damaged)
            Doubt($"The record cannot be gone on with: {damaged.What} is not what was written");
        else
            logger.LogWarning("The record was not gone on with: {Exception}", e.GetType().Name);
    }

    /// <summary>Once, when it changes.</summary>
    private void Doubt(string why)
    {
        if (_doubt != why)
            LogDoubt(why);
        _doubt = why;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkpoint {Link}")]
    private partial void LogCheckpoint(string link);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Why}. 'verify' names what it is")]
    private partial void LogDoubt(string why);
}

/// <summary>Whether this copy believes the record.</summary>
public sealed class RecordGauge : IHostedService
{
    public RecordGauge(RecordKeeper keeper, IMeterFactory meters) => meters.Create(Measures.Meter).CreateObservableGauge(
        "patient_response.record.doubt", () => keeper.IsInDoubt ? 1L : 0L, unit: null, "1 while the database is not what its checkpoints say.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
