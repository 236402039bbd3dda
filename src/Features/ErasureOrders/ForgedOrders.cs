using System.Runtime.CompilerServices;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.ErasureOrders;

/// <summary>What looks like an order to erase and is not signed. Nobody obeys it; somebody can write to the file store or the queue.</summary>
public static class ForgedOrders
{
    /// <summary>In the queue, those that were parked included: <c>message/id</c>.</summary>
    public static async IAsyncEnumerable<string> InQueueAsync(IDatabase database, Keyring keyring, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (id, order) in StoredMessage.OfAsync<FinishErasing>(database, cancellation))
            if (!IsSigned(keyring, order))
                yield return $"message/{id:N}";
    }

    /// <summary>In the file store, each marker opened: <c>erased/id</c>.</summary>
    public static async IAsyncEnumerable<string> InStoreAsync(
        IFileStore store, Keyring keyring, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var conversation in ErasureMarkers.ListAsync(store, cancellation))
            if (await ErasureMarkers.ReadAsync(store, keyring, conversation, cancellation) is null)
                yield return BlobName.Erased(conversation);
    }

    private static bool IsSigned(Keyring keyring, FinishErasing message) => ErasureOrder.Read(keyring, message.ConversationId, message.Order) is not null;
}
