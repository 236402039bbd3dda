using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.EraseConversation;

/// <summary>A restored backup brings back what was erased since it was made. The markers in the file store, which is not restored
/// with it, name that; it is erased again before this process serves.</summary>
public sealed class RestoreCheck(IDatabase database, IFileStore store, IServiceScopeFactory scopes, TimeProvider time, ILogger<RestoreCheck> logger) : IBeforeServing
{
    private const int Batch = 500;

    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            var erased = await RunAsync(cancellation);
            if (erased.Count > 0)
                logger.LogWarning("A restored backup had brought back {Count} erased conversations. They are erased again.", erased.Count);
            return null;
        }
        catch (FileStoreUnavailableException)
        {
            return "The file store cannot be read, so nobody knows whether a restored backup brought back what was erased. Start again when it can.";
        }
    }

    /// <summary>Those that were erased again. Several processes may do it at once.</summary>
    /// <exception cref="FileStoreUnavailableException">The markers cannot be read.</exception>
    public async Task<IReadOnlyList<Guid>> RunAsync(CancellationToken cancellation)
    {
        var erased = new List<Guid>();
        await foreach (var marked in MarkedAsync(cancellation).Chunk(Batch).WithCancellation(cancellation))
            foreach (var id in await StillThereAsync(marked, cancellation))
                if (await EraseAsync(id, cancellation))
                    erased.Add(id);
        return erased;
    }

    private async IAsyncEnumerable<string> MarkedAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var name in store.ListAsync(BlobName.ErasedFolder, cancellation))
            yield return name[BlobName.ErasedFolder.Length..];
    }

    private async Task<IEnumerable<Guid>> StillThereAsync(string[] ids, CancellationToken cancellation)
    {
        return await database.QueryAsync<Guid>("select id from mt_doc_stream_key where id = any(@ids)", new { ids = ids.Select(Guid.Parse).ToArray() }, cancellation);
    }

    private async Task<bool> EraseAsync(Guid id, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var erased = await Erasure.EraseAsync(
            scope.ServiceProvider.GetRequiredService<IDocumentSession>(), id, "system", Erasure.BroughtBack, time.GetUtcNow(), cancellation);
        await FinishErasingHandler.HandleAsync(new(id), store, cancellation);
        return erased;
    }
}
