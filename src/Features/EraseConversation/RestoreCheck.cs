using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.EraseConversation;

/// <param name="Erased">Conversations that a restored backup had brought back.</param>
/// <param name="Forged">What ordered to erase and is not signed, as <c>erased/id</c> or <c>message/id</c>, at most <see cref="RestoreCheck.MostNamed"/>.
/// Nothing was erased for it.</param>
/// <param name="HasMore">There are more of these, which <c>verify</c> names.</param>
public sealed record RestoreReport(IReadOnlyList<Guid> Erased, IReadOnlyList<string> Forged, bool HasMore);

/// <summary>A restored backup brings back what was erased since it was made. The signed markers in the file store, which is not restored
/// with it, name that; it is erased again before this process serves.</summary>
public sealed class RestoreCheck(
    IDatabase database, IFileStore store, Keyring keyring, IServiceScopeFactory scopes, TimeProvider time, ILogger<RestoreCheck> logger) : IBeforeServing
{
    /// <summary>Somebody who writes a million of them keeps no start waiting.</summary>
    public const int MostNamed = 100;

    private const int Batch = 500;

    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            var report = await RunAsync(cancellation);
            if (report.Erased.Count > 0)
                logger.LogWarning("A restored backup had brought back {Count} erased conversations. They are erased again.", report.Erased.Count);
            foreach (var name in report.Forged)
                logger.LogError("{Name} orders to erase and is not signed by this installation. It is ignored. Who could write it?", name);
            if (report.HasMore)
                logger.LogError("There are more orders to erase that are not signed: 'verify' names all of them");
            return null;
        }
        catch (FileStoreUnavailableException)
        {
            return "The file store cannot be read, so nobody knows whether a restored backup brought back what was erased. Start again when it can.";
        }
    }

    /// <summary>Several processes may do it at once. Only markers of conversations that are there are opened; <c>verify</c> opens all.</summary>
    /// <exception cref="FileStoreUnavailableException">The markers cannot be read.</exception>
    public async Task<RestoreReport> RunAsync(CancellationToken cancellation)
    {
        var (erased, forged) = (new List<Guid>(), new List<string>());
        await foreach (var marked in ErasureMarkers.ListAsync(store, cancellation).Chunk(Batch).WithCancellation(cancellation))
            foreach (var id in await database.QueryAsync<Guid>("select id from mt_doc_stream_key where id = any(@marked)", new { marked }, cancellation))
                if (await ErasureMarkers.ReadAsync(store, keyring, id, cancellation) is not { Signed: var order })
                    forged.Add(BlobName.Erased(id));
                else if (await EraseAsync(id, order, cancellation))
                    erased.Add(id);
        forged.AddRange(await ForgedOrders.InQueueAsync(database, keyring, cancellation).Take(MostNamed + 1).ToListAsync(cancellation));
        return new(erased, [.. forged.Take(MostNamed)], forged.Count > MostNamed);
    }

    private async Task<bool> EraseAsync(Guid id, string order, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var erased = await Erasure.EraseAsync(
            scope.ServiceProvider.GetRequiredService<IDocumentSession>(), id, "system", Erasure.BroughtBack, order, time.GetUtcNow(), cancellation);
        await FinishErasingHandler.HandleAsync(new(id, order), store, keyring, cancellation);
        return erased;
    }
}
