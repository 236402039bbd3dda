namespace PatientResponse.Infrastructure.Files;

/// <summary>Which segments of a JPEG file are its picture.</summary>
internal static class JpegFile
{
    private const int JfifBytes = 14;
    private const int AdobeBytes = 12;
    // Progressive photos have about ten. Each makes a browser go through all pixels again.
    private const int MaxScans = 100;
    private const int MaxSegmentBytes = 64 * 1024;

    /// <summary>False when the file is no whole JPEG up to its first scan.</summary>
    public static bool TryClean(Stream image, SplicedStream clean)
    {
        if (!JpegSegment.TryStart(image)) return false;
        clean.Keep(0, 2);
        var (frame, scans, exif) = (false, 0, false);
        while (image.Position < image.Length && JpegSegment.TryNext(image) is { } segment)
        {
            if (segment.Marker == JpegSegment.EndOfImage) break;
            if (segment.IsFrame)
            {
                if (frame) return false;
                frame = true;
            }
            var end = segment.End;
            if (segment.Marker == JpegSegment.StartOfScan)
            {
                if (!frame || ++scans > MaxScans) return false;
                end = JpegSegment.EndOfScan(image, end);
            }
            if (IsPicture(segment.Marker)) clean.Keep(segment.Start, end);
            else if (segment.Marker is >= 0xE0 and <= 0xEF) KeepOfApplication(image, segment, clean, ref exif);
            image.Position = end;
        }
        // Some phones leave the end marker out, or a photo is cut off: every viewer still shows it, so we close it.
        clean.Insert([0xFF, JpegSegment.EndOfImage]);
        return scans > 0;
    }

    // Frames, tables, restart interval, number of lines, scans.
    private static bool IsPicture(byte marker) => marker is (>= 0xC0 and <= 0xCF and not 0xC8) or (>= 0xDA and <= 0xDF);

    private static void KeepOfApplication(Stream image, JpegSegment segment, SplicedStream clean, ref bool exif)
    {
        Span<byte> start = stackalloc byte[JfifBytes];
        start = start[..Math.Min(segment.Bytes, JfifBytes)];
        if (!image.TryReadAt(segment.Content, start)) return;
        switch (segment.Marker)
        {
            case 0xE0 when start.Length == JfifBytes && start.StartsWith("JFIF\0"u8):
                // The last two are the sides of a thumbnail, which would follow.
                clean.Insert([0xFF, 0xE0, 0, JfifBytes + 2, .. start[..^2], 0, 0]);
                break;
            case 0xE1 when !exif && start.StartsWith("Exif\0"u8):
                exif = true;
                KeepOrientation(image, segment, clean);
                break;
            case 0xE2 when start.StartsWith("ICC_PROFILE\0"u8):
                clean.Keep(segment.Start, segment.End);
                break;
            case 0xEE when start.Length >= AdobeBytes && start.StartsWith("Adobe"u8):
                clean.Insert([0xFF, 0xEE, 0, AdobeBytes + 2, .. start[..AdobeBytes]]);
                break;
        }
    }

    private static void KeepOrientation(Stream image, JpegSegment segment, SplicedStream clean)
    {
        const int prefix = 6;
        var exif = new byte[Math.Min(segment.Bytes, MaxSegmentBytes)];
        if (exif.Length <= prefix || !image.TryReadAt(segment.Content, exif)) return;
        var orientation = Exif.Orientation(exif.AsSpan(prefix));
        if (orientation == Exif.Upright) return;
        var tiff = Exif.WithOrientation(orientation);
        clean.Insert([0xFF, 0xE1, 0, (byte)(2 + prefix + tiff.Length), .. "Exif\0\0"u8, .. tiff]);
    }
}
