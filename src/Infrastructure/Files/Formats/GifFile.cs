using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>Which blocks of a GIF file (GIF89a) are its picture.</summary>
internal static class GifFile
{
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;
    private const byte GraphicControl = 0xF9;
    private const int ControlBytes = 4;
    private const byte Application = 0xFF;

    /// <summary>What is decoded stays in its order. No whole GIF with at least one picture is <see cref="FileProblem.Damaged"/>.</summary>
    public static FileProblem? Clean(FileBytes image, SplicedStream clean)
    {
        Span<byte> header = stackalloc byte[13];
        if (!image.TryRead(0, header) || !(header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8))) return FileProblem.Damaged;
        if (SizeAt(image, 6).Problem is { } problem) return problem;
        long at = header.Length + TableBytes(header[10]);
        if (at > image.Length) return FileProblem.Damaged;
        clean.Keep(0, at);
        var (pictures, pixels) = (0, 0L);
        // Many GIFs end without their trailer; we write it in any case.
        for (int kind; (kind = image.At(at)) is not (-1 or Trailer);)
        {
            // At what is no block browsers stop, and show what came before.
            if (kind is not (Image or Extension))
            {
                if (pictures > 0) break;
                return FileProblem.Damaged;
            }
            if (kind == Image)
            {
                var (width, height) = SizeAt(image, at + 5);
                pixels += width * height;
                if (width * height > FileRules.MaxImagePixels || pixels > FileRules.MaxMovingPixels) return FileProblem.TooManyPixels;
                pictures++;
            }
            // One byte, the size of the first code, stands before an image's blocks of data.
            if (EndOfBlocks(image, kind == Image ? at + 11 + TableBytes(image.At(at + 9)) : at + 2) is not { } end)
            {
                if (kind == Extension && pictures > 0) break;
                return FileProblem.Damaged;
            }
            if (kind == Image) clean.Keep(at, end);
            else if (image.At(at + 1) == GraphicControl)
            {
                if (image.At(at + 2) != ControlBytes) return FileProblem.Damaged;
                // What follows it up to the next block is nobody's.
                clean.Keep(at, at + 3 + ControlBytes);
                clean.Insert([0]);
            }
            else if (image.At(at + 1) == Application) KeepLoop(image, at, clean);
            at = end;
        }
        clean.Insert([Trailer]);
        return pictures > 0 ? null : FileProblem.Damaged;
    }

    /// <summary>Width and height, the lower byte first. Behind the end of the file it is nonsense, and the blocks are missed there.</summary>
    private static ImageSize SizeAt(FileBytes image, long at) =>
        new(image.At(at) | image.At(at + 1) << 8, image.At(at + 2) | image.At(at + 3) << 8);

    private static long? EndOfBlocks(FileBytes image, long at)
    {
        for (int size; (size = image.At(at)) >= 0;)
        {
            at += 1 + size;
            if (size == 0) return at;
        }
        return null;
    }

    /// <summary>How often an animation repeats, written anew; other programs' blocks go.</summary>
    private static void KeepLoop(FileBytes image, long at, SplicedStream clean)
    {
        Span<byte> block = stackalloc byte[18];
        if (!image.TryRead(at, block)) return;
        var name = block[3..14];
        if (block[2] != name.Length || !(name.SequenceEqual("NETSCAPE2.0"u8) || name.SequenceEqual("ANIMEXTS1.0"u8))) return;
        if (block[14] == 3 && block[15] == 1) clean.Insert([.. block, 0]);
    }

    private static int TableBytes(int flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
