using System.Security.Cryptography;
using System.Text;

namespace PatientResponse.Infrastructure.Storage.Sealing;

/// <summary>The keys made from the root key, and what is sealed with them (AES-256-GCM, HKDF-SHA256). The root key is wrapped
/// under the master key: whoever has the database but not the master key reads nothing.</summary>
public sealed class Keyring
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] _root;
    private readonly byte[] _wrapping;
    private readonly byte[] _lookups;

    /// <param name="rootKey">32 bytes; see <see cref="RootKey"/>.</param>
    public Keyring(byte[] rootKey)
    {
        if (rootKey.Length != 32)
            throw new ArgumentException("A root key has 32 bytes.", nameof(rootKey));
        _root = rootKey;
        _wrapping = Derive("wrap");
        _lookups = Derive("lookup");
    }

    /// <summary>A key of 32 bytes for one purpose.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _root, 32, info: Encoding.UTF8.GetBytes("patient-response/" + purpose));

    public static byte[] NewDataKey() => RandomNumberGenerator.GetBytes(32);

    public byte[] Wrap(byte[] dataKey, string stream) => Seal(_wrapping, dataKey, "key/" + stream);

    public byte[] Unwrap(byte[] wrapped, string stream) => Open(_wrapping, wrapped, "key/" + stream);

    /// <summary>A keyed hash to look things up by: equal for equal texts, useless without the root key.</summary>
    public string Lookup(string purpose, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_lookups, Encoding.UTF8.GetBytes(purpose + "\n" + text)));

    /// <param name="context">What this is and where it belongs; opening it elsewhere fails.</param>
    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, string context)
    {
        var result = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = result.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, result.AsSpan(NonceBytes, plain.Length), result.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(context));
        return result;
    }

    /// <exception cref="CryptographicException">It was changed, moved, or sealed with another key.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> sealedBytes, string context)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
            throw new AuthenticationTagMismatchException();
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[NonceBytes..^TagBytes], sealedBytes[^TagBytes..], plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
