using System.Buffers.Binary;
using System.Text;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Which chunks of a PNG file (W3C PNG, third edition) are its picture.</summary>
internal static class PngFile
{
    private const int MaxExifBytes = 64 * 1024;
    private static readonly HashSet<string> Critical = ["IHDR", "PLTE", "IDAT", "IEND"];
    private static readonly HashSet<string> Picture =
    [
        .. Critical, "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "pHYs", "bKGD", "sBIT", "acTL", "fcTL", "fdAT",
    ];

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>False when the file is no whole PNG, from IHDR to IEND.</summary>
    public static bool TryClean(Stream image, SplicedStream clean)
    {
        Span<byte> head = stackalloc byte[8];
        if (!image.TryReadAt(0, head) || !head.SequenceEqual(Signature)) return false;
        clean.Keep(0, Signature.Length);
        var (data, exif) = (false, false);
        for (long at = Signature.Length; image.TryReadAt(at, head);)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.Latin1.GetString(head[4..]);
            var end = at + 12 + length;
            if (end > image.Length || (at == Signature.Length) != (type == "IHDR")) return false;
            if (Picture.Contains(type)) clean.Keep(at, end);
            // A capital first letter: a decoder that does not know it cannot show the picture.
            else if (!char.IsAsciiLetterLower(type[0])) return false;
            else if (type == "eXIf" && !exif)
            {
                exif = true;
                KeepOrientation(image, at + 8, Math.Min(length, MaxExifBytes), clean);
            }
            data |= type == "IDAT";
            if (type == "IEND") return data;
            at = end;
        }
        return false;
    }

    /// <summary>CRC-32 of a chunk's type and content.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    private static void KeepOrientation(Stream image, long at, uint length, SplicedStream clean)
    {
        var exif = new byte[length];
        if (!image.TryReadAt(at, exif)) return;
        var orientation = Exif.Orientation(exif);
        if (orientation == Exif.Upright) return;
        byte[] named = [.. "eXIf"u8, .. Exif.WithOrientation(orientation)];
        var chunk = new byte[4 + named.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, named.Length - 4);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + named.Length), Crc(named));
        clean.Insert(chunk);
    }
}
