using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>Which segments of a JPEG file are its picture.</summary>
internal static class JpegFile
{
    private const int JfifBytes = 14;
    private const int AdobeBytes = 12;
    // Progressive photos have about ten. Each makes a browser go through all pixels again.
    private const int MaxScans = 100;
    // A large photo with all that its phone knows has a few hundred.
    private const int MaxSegments = 20_000;
    private const int MaxSegmentBytes = 64 * 1024;

    /// <summary>
    /// What is decoded stays in its order. Stray bytes between segments go, as decoders skip them; a file that decoders give
    /// up on is <see cref="FileProblem.Damaged"/>.
    /// </summary>
    public static FileProblem? Clean(FileBytes image, SplicedStream clean)
    {
        if (image.TwoAt(0) != 0xFFD8) return FileProblem.Damaged;
        clean.Keep(0, 2);
        JpegSegment? frame = null;
        var (restarts, scans, segments, remarks) = (false, 0, 0, new Remarks(image, clean));
        for (long at = 2; JpegSegment.Next(image, at) is { Marker: not JpegSegment.EndOfImage } segment;)
        {
            if (++segments > MaxSegments) return FileProblem.Damaged;
            var end = segment.End;
            // A phone that stopped while it wrote what follows the picture.
            if (segment.IsRemark && end > image.Length) break;
            if (segment.IsRemark) remarks.Keep(segment, isBeforeScans: scans == 0);
            else
            {
                if (!JpegTables.IsSound(image, segment)) return FileProblem.Damaged;
                if (segment.IsFrame)
                {
                    if (frame is not null) return FileProblem.Damaged;
                    if (SizeOf(image, segment).Problem is { } problem) return problem;
                    frame = segment;
                }
                if (segment.Marker == JpegSegment.RestartInterval) restarts = image.TwoAt(segment.Content) > 0;
                if (segment.Marker == JpegSegment.StartOfScan)
                {
                    if (frame is null || !JpegTables.IsScanOf(image, frame.Value, segment) || ++scans > MaxScans) return FileProblem.Damaged;
                    if (JpegSegment.EndOfScan(image, end, restarts) is not { } endOfScan) return FileProblem.Damaged;
                    end = endOfScan;
                }
                clean.Keep(segment.Start, end);
            }
            at = end;
        }
        // Some phones leave the end marker out, or a photo is cut off: every viewer still shows it, so we close it.
        clean.Insert([0xFF, JpegSegment.EndOfImage]);
        return scans > 0 ? null : FileProblem.Damaged;
    }

    private static ImageSize SizeOf(FileBytes image, JpegSegment frame) => new(image.TwoAt(frame.Content + 3), image.TwoAt(frame.Content + 1));

    /// <summary>Application data: what decides about colours and about which way is up, written anew.</summary>
    private sealed class Remarks(FileBytes image, SplicedStream clean)
    {
        private bool exif;
        private bool profile;

        public void Keep(JpegSegment segment, bool isBeforeScans)
        {
            Span<byte> start = stackalloc byte[JfifBytes];
            start = start[..Math.Min(segment.Bytes, JfifBytes)];
            if (!image.TryRead(segment.Content, start)) return;
            switch (segment.Marker)
            {
                case 0xE0 when start.Length == JfifBytes && start.StartsWith("JFIF\0"u8):
                    // The last two are the sides of a thumbnail, which would follow.
                    clean.Insert([0xFF, 0xE0, 0, JfifBytes + 2, .. start[..^2], 0, 0]);
                    break;
                case 0xE1 when !exif && start.StartsWith("Exif\0"u8):
                    exif = true;
                    KeepOrientation(segment);
                    break;
                // Decoders have chosen their colours when the first scan begins.
                case 0xE2 when !profile && isBeforeScans && JpegProfile.IsPart(start):
                    profile = true;
                    JpegProfile.Keep(image, segment, clean);
                    break;
                case 0xEE when start.Length >= AdobeBytes && start.StartsWith("Adobe"u8):
                    clean.Insert([0xFF, 0xEE, 0, AdobeBytes + 2, .. start[..AdobeBytes]]);
                    break;
            }
        }

        private void KeepOrientation(JpegSegment segment)
        {
            const int prefix = 6;
            var exif = new byte[Math.Min(segment.Bytes, MaxSegmentBytes)];
            if (exif.Length <= prefix || !image.TryRead(segment.Content, exif)) return;
            if (Exif.OrientationAlone(exif.AsSpan(prefix)) is { } tiff)
                clean.Insert([0xFF, 0xE1, 0, (byte)(2 + prefix + tiff.Length), .. "Exif\0\0"u8, .. tiff]);
        }
    }
}
