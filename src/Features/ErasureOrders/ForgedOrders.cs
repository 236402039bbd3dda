using System.Text.Json;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.ErasureOrders;

/// <summary>What looks like an order to erase and is not signed. Nobody obeys it; somebody can write to the file store or the queue.</summary>
public static class ForgedOrders
{
    /// <summary>In the queue, those that were parked included: <c>message/id</c>.</summary>
    public static async Task<IReadOnlyList<string>> InQueueAsync(IDatabase database, Keyring keyring, CancellationToken cancellation)
    {
        var waiting = from message in await StoredMessage.OfAsync<FinishErasing>(database, cancellation)
                      where message.Read<FinishErasing>() is { } order && !IsSigned(keyring, order)
                      select message.Id;
        var parked = from message in await DeadLetter.AllAsync(database, cancellation)
                     where message.Type == nameof(FinishErasing) && Read(message.Body) is { } order && !IsSigned(keyring, order)
                     select message.Id;
        return [.. waiting.Concat(parked).Select(id => $"message/{id:N}")];
    }

    /// <summary>In the file store, each marker opened: <c>erased/id</c>.</summary>
    public static async IAsyncEnumerable<string> InStoreAsync(
        IFileStore store, Keyring keyring, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var conversation in ErasureMarkers.ListAsync(store, cancellation))
            if (await ErasureMarkers.ReadAsync(store, keyring, conversation, cancellation) is null)
                yield return BlobName.Erased(conversation);
    }

    private static bool IsSigned(Keyring keyring, FinishErasing message) => ErasureOrder.Read(keyring, message.ConversationId, message.Order) is not null;

    private static FinishErasing? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<FinishErasing>(body);
        }
        catch (JsonException)
        {
            return null; // Damaged, which is named elsewhere.
        }
    }
}
