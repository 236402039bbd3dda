using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Holds together what a row of the read model has in clear, by which it is found and shown, and what is sealed in it.</summary>
internal static class RowSeal
{
    private const int Bytes = 16;

    public static byte[] KeyOf(Keyring keyring) => keyring.Derive("rows");

    /// <param name="clear">All that stands in its columns.</param>
    public static byte[] Of(byte[] key, string row, Guid id, string clear, byte[] data) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{row}/{id:N}\n{clear}\n"), .. data])[..Bytes];

    public static bool IsRight(byte[] key, string row, Guid id, string clear, byte[] data, byte[] seal) =>
        CryptographicOperations.FixedTimeEquals(seal, Of(key, row, id, clear, data));
}

/// <summary>A version from before rows were sealed wrote it: its events have to say the same.</summary>
public sealed class UnsealedRowException() : CryptographicException("A row has no seal.");
