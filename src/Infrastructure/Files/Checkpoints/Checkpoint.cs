using System.Security.Cryptography;
using System.Text.Json;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Files.Checkpoints;

/// <summary>What the database has to have, kept outside of it.</summary>
/// <param name="Versions">Of the documents that never go back, by id.</param>
public sealed record Checkpoint(ChainLink Link, DateTimeOffset At, IReadOnlyDictionary<string, long> Versions)
{
    /// <summary>The newest sorts last.</summary>
    public string Name => BlobName.Checkpoint(Link.Era, Link.N);

    public byte[] Seal(Keyring keyring) => Keyring.Seal(KeyOf(keyring), JsonSerializer.SerializeToUtf8Bytes(this), Name);

    /// <summary>Null where nobody who has the keys wrote it under this name.</summary>
    public static Checkpoint? Open(Keyring keyring, string name, byte[] stored)
    {
        try
        {
            return JsonSerializer.Deserialize<Checkpoint>(Keyring.Open(KeyOf(keyring), stored, name)) is { } checkpoint && checkpoint.Name == name ? checkpoint : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(Keyring keyring) => keyring.Derive("checkpoints");
}
