namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>
/// One marker segment of a JPEG file (ITU-T T.81 annex B), found as libjpeg finds it, which every viewer follows. Start,
/// Content and End are places in the file; End lies behind the file where the segment is cut off.
/// </summary>
internal readonly record struct JpegSegment(byte Marker, long Start, long End)
{
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantisationTables = 0xDB;
    public const byte NumberOfLines = 0xDC;
    public const byte RestartInterval = 0xDD;
    public const byte HuffmanTables = 0xC4;

    public long Content => Start + 4;

    /// <summary>Negative where the length that it states is no length.</summary>
    public int Bytes => (int)(End - Content);

    /// <summary>A frame header, which says the dimensions, of a kind that browsers show.</summary>
    public bool IsFrame => Marker is >= 0xC0 and <= 0xC2;

    /// <summary>Application data or a comment: no part of the picture, whatever is in it.</summary>
    public bool IsRemark => Marker is (>= 0xE0 and <= 0xEF) or 0xFE;

    /// <summary>
    /// The next one from a place on, behind stray bytes and fill bytes; null when there is no more. Markers that stand alone
    /// and mean nothing between segments (restarts, TEM) are stray bytes too.
    /// </summary>
    public static JpegSegment? Next(FileBytes file, long from)
    {
        while (NextMarker(file, from) is var (marker, start))
        {
            if (marker is 0 or 0x01 or (>= 0xD0 and <= 0xD7)) from = start + 2;
            else return new((byte)marker, start, EndOf((byte)marker, start, file.TwoAt(start + 2)));
        }
        return null;
    }

    /// <summary>
    /// Where compressed data that begins here ends: at the first marker that a decoder does not look beyond, or with the file.
    /// Damage, behind which it goes on only at a restart, is null where there are none.
    /// </summary>
    public static long? EndOfScan(FileBytes file, long from, bool hasRestarts)
    {
        while (NextMarker(file, from) is var (marker, start))
        {
            if (marker is > 0x01 and < 0xC0 && !hasRestarts) return null;
            if (marker is < 0xC0 or (>= 0xD0 and <= 0xD7)) from = start + 2;
            else return start;
        }
        return file.Length;
    }

    private static (int Marker, long Start)? NextMarker(FileBytes file, long from)
    {
        var at = file.IndexOf(0xFF, from);
        int marker;
        // 0xFF may be repeated before a marker.
        while ((marker = file.At(at + 1)) == 0xFF) at++;
        return marker < 0 ? null : (marker, at);
    }

    private static long EndOf(byte marker, long start, int length) => marker switch
    {
        StartOfImage or EndOfImage => start + 2,
        _ when length < 0 => long.MaxValue,
        // Decoders skip these, and know no length below 2 there.
        (>= 0xE0 and <= 0xEF) or 0xFE or NumberOfLines => start + 2 + Math.Max(2, length),
        _ => start + 2 + length,
    };
}
