using System.Buffers.Binary;
using System.IO.Compression;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>The colour profile of a PNG file (chunk iCCP): a name, which may tell something, and the profile compressed.</summary>
internal static class PngProfile
{
    private const int MaxNameBytes = 79;

    /// <summary>Puts what colours are made with in here; what decoders take for no profile goes.</summary>
    public static FileProblem? Keep(FileBytes image, long start, uint length, SplicedStream clean)
    {
        var content = new byte[length];
        var name = image.TryRead(start, content) ? content.AsSpan(0, (int)Math.Min(length, MaxNameBytes + 1)).IndexOf((byte)0) : -1;
        // Behind the name stands how it is compressed: zlib, the only way that there is.
        if (name < 1 || name + 2 > content.Length || content[name + 1] != 0) return null;
        using var packed = new MemoryStream(content, name + 2, content.Length - name - 2);
        using var whole = new MemoryStream();
        try
        {
            using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
            var buffer = new byte[16 * 1024];
            for (int read; (read = unpacked.Read(buffer)) > 0;)
            {
                if (whole.Length + read > IccProfile.MaxBytes) return FileProblem.Damaged;
                whole.Write(buffer, 0, read);
            }
        }
        // IOException: packed with a dictionary that is not in the file.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
        var plain = whole.ToArray();
        // Old programs left the checksum out, and browsers then leave the profile out.
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Adler32(plain));
        if (content.AsSpan(name + 2).IndexOf(checksum) < 0 || IccProfile.ColoursOf(plain) is not { } profile) return null;
        using var chunk = new MemoryStream();
        chunk.Write("Colours\0\0"u8);
        using (var zlib = new ZLibStream(chunk, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(profile);
        clean.Insert(PngChunk.Of("iCCP"u8, chunk.ToArray()));
        return null;
    }

    /// <summary>What stands behind compressed data (RFC 1950).</summary>
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint prime = 65_521;
        var (one, other) = (1u, 0u);
        foreach (var value in bytes)
        {
            one = (one + value) % prime;
            other = (other + one) % prime;
        }
        return other << 16 | one;
    }
}
