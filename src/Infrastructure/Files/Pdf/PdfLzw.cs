using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>LZW as TIFF and PDF have it (ISO 32000-1, 7.4.4): codes of 9 to 12 bits, the highest bit first.</summary>
internal static class PdfLzw
{
    private const int TablesSteps = 2_000;
    private const int Clear = 256, End = 257, First = 258, MaxCodes = 4096;

    /// <summary>False when it is damaged or gives more than the target takes.</summary>
    public static bool Expand(ReadOnlySpan<byte> source, int earlyChange, ExpandedBytes target, CheckWork work)
    {
        if (earlyChange is not (0 or 1)) return false;
        work.Spend(TablesSteps);
        var (prefixes, letters, lengths) = (new ushort[MaxCodes], new byte[MaxCodes], new int[MaxCodes]);
        for (var i = 0; i < 256; i++) (letters[i], lengths[i]) = ((byte)i, 1);
        var text = new byte[MaxCodes];
        var (next, bits, previous) = (First, 9, -1);
        var (held, count, at) = (0u, 0, 0);
        while (true)
        {
            for (; count < bits && at < source.Length; count += 8) held = (held << 8) | source[at++];
            if (count < bits) return true;
            var code = (int)(held >> (count - bits)) & ((1 << bits) - 1);
            count -= bits;
            work.Spend(4);
            if (code == End) return true;
            if (code == Clear)
            {
                (next, bits, previous) = (First, 9, -1);
                continue;
            }
            if (code > next || (code == next && previous < 0) || (code >= First && previous < 0)) return false;
            // A code that is only now coming into being: the last text and its own first letter.
            var length = code == next ? lengths[previous] + 1 : lengths[code];
            if (length > text.Length) return false;
            var from = code == next ? previous : code;
            for (var i = code == next ? length - 2 : length - 1; i >= 0; i--, from = prefixes[from]) text[i] = letters[from];
            if (code == next) text[length - 1] = text[0];
            work.Spend(length / 4);
            if (!target.Take(text.AsSpan(0, length))) return false;
            if (previous >= 0 && next < MaxCodes)
            {
                (prefixes[next], letters[next], lengths[next]) = ((ushort)previous, text[0], lengths[previous] + 1);
                next++;
            }
            bits = next + earlyChange >= 2048 ? 12 : next + earlyChange >= 1024 ? 11 : next + earlyChange >= 512 ? 10 : 9;
            previous = code;
        }
    }
}
