using System.Buffers;
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

    private static readonly uint[] CrcTable = MakeCrcTable();

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>False when the file is no whole PNG, from IHDR to IEND.</summary>
    public static bool TryClean(Stream image, SplicedStream clean)
    {
        Span<byte> head = stackalloc byte[8];
        if (!image.TryReadAt(0, head) || !head.SequenceEqual(Signature)) return false;
        clean.Keep(0, Signature.Length);
        var (data, exif, moving) = (false, false, 0L);
        var size = ImageSize.Read(image, FileKind.Png) ?? default;
        for (long at = Signature.Length; image.TryReadAt(at, head);)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.Latin1.GetString(head[4..]);
            var end = at + 12 + length;
            if (end > image.Length || (at == Signature.Length) != (type == "IHDR")) return false;
            if (Picture.Contains(type))
            {
                // Viewers disagree about what is damaged: some show it, some do not.
                if (!IsSound(image, at, length)) return false;
                if (type == "fcTL" && !IsWithin(size, image, at + 8, ref moving)) return false;
                clean.Keep(at, end);
            }
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
    public static uint Crc(ReadOnlySpan<byte> bytes) => ~Crc(uint.MaxValue, bytes);

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) crc = CrcTable[(byte)crc ^ value] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++) table[i] = (table[i] & 1) != 0 ? (table[i] >> 1) ^ 0xEDB88320 : table[i] >> 1;
        }
        return table;
    }

    private static bool IsSound(Stream image, long at, uint length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            var crc = uint.MaxValue;
            image.Position = at + 4;
            for (var left = 4L + length; left > 0;)
            {
                var read = image.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
                if (read == 0) return false;
                crc = Crc(crc, buffer.AsSpan(0, read));
                left -= read;
            }
            Span<byte> written = stackalloc byte[4];
            return image.TryRead(written) && BinaryPrimitives.ReadUInt32BigEndian(written) == ~crc;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Whether a frame of a moving image lies within the image, and all frames so far within what is shown.</summary>
    private static bool IsWithin(ImageSize size, Stream image, long frame, ref long pixels)
    {
        Span<byte> fields = stackalloc byte[20];
        if (!image.TryReadAt(frame, fields)) return false;
        long width = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]), height = BinaryPrimitives.ReadUInt32BigEndian(fields[8..]);
        long left = BinaryPrimitives.ReadUInt32BigEndian(fields[12..]), top = BinaryPrimitives.ReadUInt32BigEndian(fields[16..]);
        pixels += width * height;
        return width > 0 && height > 0 && left + width <= size.Width && top + height <= size.Height && pixels <= FileRules.MaxMovingPixels;
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
