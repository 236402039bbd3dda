using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.EraseConversation;

/// <summary>Markers from before they were signed. By an operator's word they are signed now, where nothing is left to be destroyed: the
/// conversation has its tombstone and no key any more.</summary>
public sealed class OldMarkers(IDatabase database, IFileStore store, Keyring keyring)
{
    private const int Batch = 500;

    /// <summary>Those that were signed.</summary>
    public async Task<IReadOnlyList<Guid>> SignAsync(CancellationToken cancellation)
    {
        var signed = new List<Guid>();
        await foreach (var marked in ErasureMarkers.ListAsync(store, cancellation).Chunk(Batch).WithCancellation(cancellation))
            foreach (var erased in await ErasedAsync(marked, cancellation))
            {
                if (await ErasureMarkers.ReadAsync(store, keyring, erased.Id, cancellation) is not null)
                    continue;
                var order = new ErasureOrder(erased.Id, erased.Reason ?? "", erased.Actor ?? "", erased.At);
                await ErasureMarkers.WriteAsync(store, erased.Id, order.Sign(keyring), cancellation);
                signed.Add(erased.Id);
            }
        return signed;
    }

    private Task<IReadOnlyList<Row>> ErasedAsync(Guid[] marked, CancellationToken cancellation) => database.QueryAsync<Row>(
        """
        select stream_id as Id, data ->> 'Reason' as Reason, data ->> 'Actor' as Actor, timestamp as At from mt_events e
        where type = 'erased' and stream_id = any(@marked) and not exists (select 1 from mt_doc_stream_key k where k.id = e.stream_id)
        """, new { marked }, cancellation);

    private sealed class Row
    {
        public Guid Id { get; init; }
        public string? Reason { get; init; }
        public string? Actor { get; init; }
        public DateTime At { get; init; }
    }
}
