using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web.Serving;

/// <summary>Whether this process can do its work now.</summary>
public sealed class Readiness
{
    private readonly IDatabase _database;
    private readonly IFileStore _store;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly IReadOnlyList<Probe> _probes;
    private readonly string _blob = BlobName.Probe(Guid.NewGuid());

    public Readiness(IDatabase database, IFileStore store, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Readiness> logger)
    {
        (_database, _store, _lifetime) = (database, store, lifetime);
        _probes = [new("database", AnswersAsync, time, logger), new("schema", IsUpToDateAsync, time, logger), new("file store", KeepsAsync, time, logger)];
    }

    /// <summary>The parts that are not there; none when all is well.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync()
    {
        if (_lifetime.ApplicationStopping.IsCancellationRequested)
            return ["stopping"];
        var fine = await Task.WhenAll(_probes.Select(probe => probe.IsFineAsync()));
        return [.. _probes.Where((_, i) => !fine[i]).Select(probe => probe.Name)];
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation) =>
        (await _database.QueryAsync<long>("select 1", null, cancellation)).Count == 1;

    /// <summary>One that is ahead is fine: during an upgrade the copies before it still serve.</summary>
    private Task<bool> IsUpToDateAsync(CancellationToken cancellation) => _database.IsUpToDateAsync(cancellation);

    /// <summary>Writes, reads and deletes: a full disk and lost rights show only so.</summary>
    private async Task<bool> KeepsAsync(CancellationToken cancellation)
    {
        await _store.WriteAsync(_blob, new MemoryStream([1]), cancellation);
        await using (var kept = await _store.OpenReadAsync(_blob, cancellation))
            if (kept.Length != 1)
                return false;
        await _store.DeleteAsync(_blob, cancellation);
        return true;
    }
}
