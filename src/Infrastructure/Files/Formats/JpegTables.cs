namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>Whether a segment that the picture is decoded with is as decoders demand; with any other they give up.</summary>
internal static class JpegTables
{
    private const int MaxComponents = 4;

    public static bool IsSound(FileBytes file, JpegSegment segment) => segment.End <= file.Length && segment.Marker switch
    {
        JpegSegment.QuantisationTables => AreQuantisationTables(file, segment),
        JpegSegment.HuffmanTables => AreHuffmanTables(file, segment),
        JpegSegment.RestartInterval => segment.Bytes == 2,
        JpegSegment.StartOfScan => file.At(segment.Content) is >= 1 and <= MaxComponents and var components && segment.Bytes == 4 + 2 * components,
        JpegSegment.NumberOfLines => true,
        // Lossless, hierarchical and arithmetic-coded ones too: no browser shows them.
        _ => segment.IsFrame && IsFrame(file, segment),
    };

    /// <summary>Whether the frame has the components that a scan is about.</summary>
    public static bool IsScanOf(FileBytes file, JpegSegment frame, JpegSegment scan)
    {
        for (var at = scan.Content + 1; at < scan.Content + 1 + 2 * file.At(scan.Content); at += 2)
        {
            var known = false;
            for (var component = frame.Content + 6; component < frame.End; component += 3) known |= file.At(component) == file.At(at);
            if (!known) return false;
        }
        return true;
    }

    private static bool IsFrame(FileBytes file, JpegSegment segment)
    {
        var components = file.At(segment.Content + 5);
        // Bits of a sample: browsers show 8.
        if (components is not (1 or 3 or 4) || segment.Bytes != 6 + 3 * components || file.At(segment.Content) != 8) return false;
        for (var at = segment.Content + 7; at < segment.End; at += 3)
            if (file.At(at) is var sampling && (sampling >> 4 is < 1 or > 4 || (sampling & 15) is < 1 or > 4)) return false;
        return true;
    }

    private static bool AreQuantisationTables(FileBytes file, JpegSegment segment)
    {
        var at = segment.Content;
        for (int table; at < segment.End; at += 1 + (table >> 4 == 0 ? 64 : 128))
            if (((table = file.At(at)) & 15) > 3) return false;
        return at == segment.End;
    }

    private static bool AreHuffmanTables(FileBytes file, JpegSegment segment)
    {
        var at = segment.Content;
        while (at + 17 <= segment.End)
        {
            if ((file.At(at) & ~0x10) > 3) return false;
            var (values, codes) = (0, 0);
            for (var bits = 1; bits <= 16; bits++)
            {
                var count = file.At(at + bits);
                values += count;
                codes = 2 * codes + count;
                // No code has ones only.
                if (count > 0 && codes >= 1 << bits) return false;
            }
            if (values > 256) return false;
            at += 17 + values;
        }
        return at == segment.End;
    }
}
