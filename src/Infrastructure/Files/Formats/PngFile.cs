using System.Buffers.Binary;
using System.Text;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>Which chunks of a PNG file (W3C PNG, third edition) are its picture.</summary>
internal static class PngFile
{
    private const int MaxExifBytes = 64 * 1024;
    // An image of the largest size in chunks of a hundred bytes.
    private const int MaxChunks = 75_000;

    // With the bytes that each may have; without a number as many as it says.
    private static readonly Dictionary<string, int> Critical = new() { ["IHDR"] = 13, ["PLTE"] = 768, ["IDAT"] = int.MaxValue, ["IEND"] = 0 };
    private static readonly Dictionary<string, int> Ancillary = new()
    {
        ["tRNS"] = 256,
        ["gAMA"] = 4,
        ["cHRM"] = 32,
        ["sRGB"] = 1,
        ["cICP"] = 4,
        ["mDCV"] = 24,
        ["cLLI"] = 8,
        ["pHYs"] = 9,
        ["bKGD"] = 6,
        ["sBIT"] = 4,
        ["acTL"] = 8,
        ["fcTL"] = int.MaxValue,
        ["fdAT"] = int.MaxValue,
        ["iCCP"] = int.MaxValue,
    };

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>What is decoded stays in its order. No whole PNG, from IHDR to IEND, is <see cref="FileProblem.Damaged"/>.</summary>
    public static FileProblem? Clean(FileBytes image, SplicedStream clean)
    {
        Span<byte> head = stackalloc byte[8];
        if (!image.TryRead(0, head) || !head.SequenceEqual(Signature)) return FileProblem.Damaged;
        clean.Keep(0, Signature.Length);
        ImageSize? size = null;
        var (data, other, exif, profile, frames, chunks) = (false, false, false, false, 0L, 0);
        for (long at = Signature.Length; image.TryRead(at, head) && ++chunks <= MaxChunks;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.Latin1.GetString(head[4..]);
            var end = at + 12 + length;
            if (end > image.Length || (size is null) != (type == "IHDR")) return FileProblem.Damaged;
            // A capital first letter: a decoder that does not know it cannot show the picture.
            if (Critical.TryGetValue(type, out var most) ? length > most : !char.IsAsciiLetterLower(type[0])) return FileProblem.Damaged;
            // Longer than it may be, decoders leave it out.
            var isPicture = Critical.ContainsKey(type) || Ancillary.TryGetValue(type, out most) && length <= most;
            // Viewers disagree about what is damaged: some show it, some do not.
            if (isPicture && !PngChunk.IsSound(image, at, length)) return FileProblem.Damaged;
            if (type == "IHDR" && (size = SizeOf(image, at)).Value.Problem is { } problem) return problem;
            if (type == "fcTL" && FrameProblem(size!.Value, image, at + 8, length, ref frames) is { } absurd) return absurd;
            // The data has to be in one piece.
            if (type == "IDAT" && other) return FileProblem.Damaged;
            (data, other) = (data || type == "IDAT", data && type != "IDAT");
            if (type == "iCCP")
            {
                // Decoders take no second one.
                if (!profile && PngProfile.Keep(image, at + 8, length, clean) is { } tooMuch) return tooMuch;
                profile = true;
            }
            else if (isPicture) clean.Keep(at, end);
            else if (type == "eXIf" && !exif)
            {
                exif = true;
                KeepOrientation(image, at + 8, Math.Min(length, MaxExifBytes), clean);
            }
            if (type == "IEND") return data ? null : FileProblem.Damaged;
            at = end;
        }
        return FileProblem.Damaged;
    }

    private static ImageSize SizeOf(FileBytes image, long header)
    {
        Span<byte> fields = stackalloc byte[8];
        return image.TryRead(header + 8, fields)
            ? new(BinaryPrimitives.ReadUInt32BigEndian(fields), BinaryPrimitives.ReadUInt32BigEndian(fields[4..]))
            : default;
    }

    /// <summary>Whether a frame of a moving image lies within the image, and all frames so far within what is shown.</summary>
    private static FileProblem? FrameProblem(ImageSize size, FileBytes image, long frame, uint length, ref long pixels)
    {
        Span<byte> fields = stackalloc byte[26];
        if (length != fields.Length || !image.TryRead(frame, fields)) return FileProblem.Damaged;
        long width = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]), height = BinaryPrimitives.ReadUInt32BigEndian(fields[8..]);
        long left = BinaryPrimitives.ReadUInt32BigEndian(fields[12..]), top = BinaryPrimitives.ReadUInt32BigEndian(fields[16..]);
        if (width == 0 || height == 0 || left + width > size.Width || top + height > size.Height) return FileProblem.Damaged;
        pixels += width * height;
        return pixels > FileRules.MaxMovingPixels ? FileProblem.TooManyPixels : null;
    }

    private static void KeepOrientation(FileBytes image, long at, uint length, SplicedStream clean)
    {
        var exif = new byte[length];
        if (image.TryRead(at, exif) && Exif.OrientationAlone(exif) is { } tiff) clean.Insert(PngChunk.Of("eXIf"u8, tiff));
    }
}
