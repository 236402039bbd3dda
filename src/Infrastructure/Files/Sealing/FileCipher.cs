using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PatientResponse.Infrastructure.Files.Sealing;

/// <summary>Which file of which conversation, and the conversation's 32-byte data key.</summary>
public readonly record struct FileKey(ReadOnlyMemory<byte> ConversationKey, Guid ConversationId, Guid FileId);

/// <summary>
/// The format of a stored file: "PRF", version, 16 random bytes; then chunks of 64 KiB under AES-256-GCM, each followed
/// by its tag. The nonce is the chunk's number and a mark on the last one (the STREAM construction), so a file cannot be
/// cut, extended or re-ordered; the ids are associated data, so it cannot stand in for another file.
/// </summary>
public sealed class FileCipher : IDisposable
{
    public const int ChunkBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int HeaderBytes = 20;
    private const int SaltBytes = 16;
    private static ReadOnlySpan<byte> Magic => "PRF\u0001"u8;

    private readonly AesGcm aes;
    private readonly byte[] associated = new byte[32];
    private readonly byte[] nonce = new byte[12];

    private FileCipher(FileKey key, ReadOnlySpan<byte> salt)
    {
        if (key.ConversationKey.Length != 32) throw new ArgumentException("A data key has 32 bytes.", nameof(key));
        key.ConversationId.TryWriteBytes(associated, bigEndian: true, out _);
        key.FileId.TryWriteBytes(associated.AsSpan(16), bigEndian: true, out _);
        Span<byte> info = stackalloc byte[4 + 16];
        "file"u8.CopyTo(info);
        associated.AsSpan(16).CopyTo(info[4..]);
        Span<byte> fileKey = stackalloc byte[32];
        // The salt makes every writing a key of its own: a nonce is never used twice, even for a file written again.
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.ConversationKey.Span, fileKey, salt, info);
        aes = new AesGcm(fileKey, TagBytes);
        CryptographicOperations.ZeroMemory(fileKey);
    }

    /// <summary>The exact length in the store of a file of so many bytes.</summary>
    public static long CipherLength(long plainLength) =>
        HeaderBytes + plainLength + TagBytes * Math.Max(1, (plainLength + ChunkBytes - 1) / ChunkBytes);

    /// <summary>The length of the file inside; <see cref="DamagedFileException"/> where no file has such a length.</summary>
    public static long PlainLength(long cipherLength)
    {
        var body = cipherLength - HeaderBytes;
        var chunks = (body + ChunkBytes + TagBytes - 1) / (ChunkBytes + TagBytes);
        var plain = body - chunks * TagBytes;
        return body > 0 && plain >= 0 && CipherLength(plain) == cipherLength ? plain : throw new DamagedFileException();
    }

    /// <summary>A cipher for one new writing; its header goes in front of the chunks.</summary>
    public static FileCipher Create(FileKey key, Span<byte> header)
    {
        Magic.CopyTo(header);
        var salt = header[Magic.Length..HeaderBytes];
        RandomNumberGenerator.Fill(salt);
        return new FileCipher(key, salt);
    }

    /// <summary>The cipher of a stored file; <see cref="DamagedFileException"/> when the header is not one of ours.</summary>
    public static FileCipher Read(FileKey key, ReadOnlySpan<byte> header) =>
        header.StartsWith(Magic) ? new FileCipher(key, header.Slice(Magic.Length, SaltBytes)) : throw new DamagedFileException();

    /// <summary>Encrypts in place.</summary>
    public void Encrypt(long chunk, bool last, Span<byte> content, Span<byte> tag) =>
        aes.Encrypt(Nonce(chunk, last), content, content, tag, associated);

    /// <summary>Decrypts in place; <see cref="DamagedFileException"/>, and no content, when anything differs.</summary>
    public void Decrypt(long chunk, bool last, Span<byte> content, ReadOnlySpan<byte> tag)
    {
        try
        {
            aes.Decrypt(Nonce(chunk, last), content, tag, content, associated);
        }
        catch (AuthenticationTagMismatchException cause)
        {
            throw new DamagedFileException(cause);
        }
    }

    public void Dispose() => aes.Dispose();

    private byte[] Nonce(long chunk, bool last)
    {
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(3), chunk);
        nonce[11] = last ? (byte)1 : (byte)0;
        return nonce;
    }
}
