using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>Tries the empty password as the standard security handler does (ISO 32000-2, 7.6.4). What uses MD5 and RC4 there is as weak here: nothing is protected by it.</summary>
internal static class PdfPassword
{
    private static readonly byte[] Padding =
    [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
        0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ];

    /// <summary>Whether it opens, for reading or with all rights.</summary>
    public static bool IsEmpty(int revision, int keyBytes, byte[] owner, byte[] user, int permissions, byte[] id, bool encryptsMetadata)
    {
        if (revision is 5 or 6)
            return user.Length >= 48 && owner.Length >= 48 && (IsHash(revision, user, []) || IsHash(revision, owner, user[..48]));
        if (revision is < 2 or > 4 || owner.Length < 32 || user.Length < 16) return false;
        // Some programs tell another length than they use.
        return ((int[])[keyBytes, 16, 5]).Distinct().Any(length => IsUserPassword(revision, length, owner, user, permissions, id, encryptsMetadata));
    }

    private static bool IsHash(int revision, byte[] key, byte[] more) =>
        (revision == 5 ? SHA256.HashData([.. key.AsSpan(32, 8), .. more]) : HardenedHash(key.AsSpan(32, 8), more)).AsSpan(0, 32).SequenceEqual(key.AsSpan(0, 32));

#pragma warning disable CA5351 // MD5 is what the format has.
    private static bool IsUserPassword(
        int revision, int keyBytes, byte[] owner, byte[] user, int permissions, byte[] id, bool encryptsMetadata)
    {
        var bits = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bits, permissions);
        byte[] rest = revision >= 4 && !encryptsMetadata ? [0xFF, 0xFF, 0xFF, 0xFF] : [];
        var key = MD5.HashData([.. Padding, .. owner.AsSpan(0, 32), .. bits, .. id, .. rest]);
        if (revision == 2) return Rc4(key.AsSpan(0, 5), Padding).AsSpan(0, 16).SequenceEqual(user.AsSpan(0, 16));
        for (var round = 0; round < 50; round++) key = MD5.HashData(key.AsSpan(0, keyBytes));
        var expected = MD5.HashData([.. Padding, .. id]);
        var mixed = new byte[keyBytes];
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < keyBytes; i++) mixed[i] = (byte)(key[i] ^ round);
            expected = Rc4(mixed, expected);
        }
        return expected.AsSpan().SequenceEqual(user.AsSpan(0, 16));
    }
#pragma warning restore CA5351

    private static byte[] Rc4(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        Span<byte> state = stackalloc byte[256];
        for (var i = 0; i < 256; i++) state[i] = (byte)i;
        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
        }
        var result = text.ToArray();
        for (int n = 0, i = 0, j = 0; n < result.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + state[i]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
            result[n] ^= state[(state[i] + state[j]) & 255];
        }
        return result;
    }

    /// <summary>Algorithm 2.B for the empty password. Ends after 64 to some 300 rounds.</summary>
    private static byte[] HardenedHash(ReadOnlySpan<byte> salt, byte[] more)
    {
        using var aes = Aes.Create();
        var hash = SHA256.HashData([.. salt, .. more]);
        for (var round = 1; ; round++)
        {
            byte[] once = [.. hash, .. more];
            var block = new byte[once.Length * 64];
            for (var i = 0; i < 64; i++) once.CopyTo(block, i * once.Length);
            aes.Key = hash[..16];
            var packed = aes.EncryptCbc(block, hash.AsSpan(16, 16), PaddingMode.None);
            var sum = 0;
            foreach (var part in packed.AsSpan(0, 16)) sum += part;
            hash = (sum % 3) switch
            {
                0 => SHA256.HashData(packed),
                1 => SHA384.HashData(packed),
                _ => SHA512.HashData(packed),
            };
            if (round >= 64 && packed[^1] <= round - 32) return hash[..32];
        }
    }
}
