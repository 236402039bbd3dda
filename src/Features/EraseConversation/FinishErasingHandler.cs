using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.EraseConversation;

/// <summary>Outside the database: the marker by which a restored backup knows what was erased, then the files.</summary>
public static class FinishErasingHandler
{
    /// <exception cref="RefusedException">Whoever put this message into the queue does not have the keys. Nothing is erased.</exception>
    public static async Task HandleAsync(FinishErasing message, IFileStore store, Keyring keyring, CancellationToken cancellation)
    {
        if (ErasureOrder.Read(keyring, message.ConversationId, message.Order) is null)
            throw new RefusedException($"The order to erase {message.ConversationId:N} is not signed by this installation; nothing was erased");
        await ErasureMarkers.WriteAsync(store, message.ConversationId, message.Order!, cancellation);
        await foreach (var name in store.ListAsync(BlobName.FolderOf(message.ConversationId), cancellation))
            await store.DeleteAsync(name, cancellation);
    }
}
