using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Which blocks of a GIF file (GIF89a) are its picture.</summary>
internal static class GifFile
{
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;
    private const byte GraphicControl = 0xF9;
    private const byte Application = 0xFF;

    /// <summary>False when the file is no whole GIF with at least one picture.</summary>
    public static bool TryClean(Stream image, SplicedStream clean)
    {
        Span<byte> header = stackalloc byte[13];
        if (!image.TryReadAt(0, header) || !header.StartsWith("GIF8"u8)) return false;
        long at = header.Length + TableBytes(header[10]);
        clean.Keep(0, at);
        var (pictures, pixels) = (0, 0L);
        Span<byte> block = stackalloc byte[2];
        // Many GIFs end without their trailer; we write it in any case.
        for (; image.TryReadAt(at, block[..1]) && block[0] != Trailer; pictures += block[0] == Image ? 1 : 0)
        {
            var end = block[0] switch
            {
                Image => EndOfImage(image, at, ref pixels),
                Extension => EndOfBlocks(image, at + 2),
                _ => null,
            };
            if (end is null || !image.TryReadAt(at, block)) return false;
            if (block[0] == Image || block[1] == GraphicControl) clean.Keep(at, end.Value);
            else if (block[1] == Application) KeepLoop(image, at, clean);
            at = end.Value;
        }
        clean.Insert([Trailer]);
        return pictures > 0;
    }

    private static long? EndOfImage(Stream image, long at, ref long all)
    {
        Span<byte> descriptor = stackalloc byte[10];
        if (!image.TryReadAt(at, descriptor)) return null;
        var pixels = (long)BinaryPrimitives.ReadUInt16LittleEndian(descriptor[5..]) * BinaryPrimitives.ReadUInt16LittleEndian(descriptor[7..]);
        all += pixels;
        if (pixels > FileRules.MaxImagePixels || all > FileRules.MaxMovingPixels) return null;
        // One byte, the size of the first code, stands before the blocks of data.
        return EndOfBlocks(image, at + descriptor.Length + TableBytes(descriptor[9]) + 1);
    }

    private static long? EndOfBlocks(Stream image, long at)
    {
        Span<byte> size = stackalloc byte[1];
        while (image.TryReadAt(at, size))
        {
            at += 1 + size[0];
            if (size[0] == 0) return at;
        }
        return null;
    }

    /// <summary>How often an animation repeats, written anew; other programs' blocks go.</summary>
    private static void KeepLoop(Stream image, long at, SplicedStream clean)
    {
        Span<byte> block = stackalloc byte[18];
        if (!image.TryReadAt(at, block)) return;
        var name = block[3..14];
        if (block[2] != name.Length || !(name.SequenceEqual("NETSCAPE2.0"u8) || name.SequenceEqual("ANIMEXTS1.0"u8))) return;
        if (block[14] == 3 && block[15] == 1) clean.Insert([.. block, 0]);
    }

    private static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
