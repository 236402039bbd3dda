using System.Security.Cryptography;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.ErasureOrders;

/// <summary>That a conversation was erased, why, by whom and when. Whoever deletes its files, or erases it again after a restore, obeys such
/// an order and nothing else.</summary>
public sealed record ErasureOrder(Guid Conversation, string Reason, string Actor, DateTimeOffset At)
{
    /// <summary>In characters: a longer text is none.</summary>
    public const int MostOfText = 16_384;

    /// <summary>The order as it is kept outside the database and in the queue, both of which others may write to: encrypted and
    /// authenticated in one (AES-256-GCM), under a key that nothing else has, for this conversation only. In base64.</summary>
    public string Sign(Keyring keyring) =>
        Convert.ToBase64String(Keyring.Seal(KeyOf(keyring), JsonSerializer.SerializeToUtf8Bytes(this), Context(Conversation)));

    /// <summary>Null where nobody who has the keys gave this order for this conversation.</summary>
    public static ErasureOrder? Read(Keyring keyring, Guid conversation, string? text)
    {
        try
        {
            return text is { Length: > 0 and <= MostOfText }
                && JsonSerializer.Deserialize<ErasureOrder>(Keyring.Open(KeyOf(keyring), Convert.FromBase64String(text), Context(conversation))) is { } order
                && order.Conversation == conversation ? order : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(Keyring keyring) => keyring.Derive("erasure-orders");

    private static string Context(Guid conversation) => $"erasure/{conversation:N}";
}
