using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>How a stream was packed besides its filter (ISO 32000-1, 7.4.4).</summary>
internal readonly record struct PdfFilterParameters(int Predictor, int Colors, int BitsPerComponent, int Columns, int EarlyChange)
{
    public PdfFilterParameters() : this(1, 1, 8, 1, 1) { }
}

/// <summary>The filters in which objects may be packed (ISO 32000-1, 7.4).</summary>
internal static class PdfFilters
{
    /// <summary>Null when this filter cannot be undone, or gives more than the limit.</summary>
    public static ReadOnlyMemory<byte>? Expand(ReadOnlyMemory<byte> data, PdfName filter, PdfFilterParameters parameters, int limit, Inflater inflater, CheckWork work)
    {
        var target = new ExpandedBytes(work, limit);
        var source = data.Span;
        var isWhole = filter switch
        {
            PdfName.FlateDecode or PdfName.Fl => Inflate(source, target, inflater),
            PdfName.LZWDecode or PdfName.LZW => PdfLzw.Expand(source, parameters.EarlyChange, target, work),
            PdfName.ASCIIHexDecode or PdfName.AHx => ReadHex(source, target, work),
            PdfName.ASCII85Decode or PdfName.A85 => ReadAscii85(source, target, work),
            PdfName.RunLengthDecode or PdfName.RL => ReadRuns(source, target, work),
            _ => false,
        };
        if (!isWhole) return null;
        var isPredicted = filter is PdfName.FlateDecode or PdfName.Fl or PdfName.LZWDecode or PdfName.LZW && parameters.Predictor != 1;
        return isPredicted ? PdfPredictor.Undo(target.Memory, parameters, work) : target.Memory;
    }

    // What ends too early is still all that a viewer could expand. A preset dictionary is known to nobody.
    private static bool Inflate(ReadOnlySpan<byte> source, ExpandedBytes target, Inflater inflater)
    {
        if (source.Length < 2 || (source[0] & 0x0F) != 8 || (source[0] * 256 + source[1]) % 31 != 0 || (source[1] & 0x20) != 0) return false;
        return inflater.Inflate(source[2..], target) is InflateEnd.Whole or InflateEnd.TooShort;
    }

    private static bool ReadHex(ReadOnlySpan<byte> source, ExpandedBytes target, CheckWork work)
    {
        work.Spend(source.Length);
        var (value, digits) = (0, 0);
        foreach (var digit in source)
        {
            if (digit == '>') break;
            if (!char.IsAsciiHexDigit((char)digit)) continue;
            value = value * 16 + Uri.FromHex((char)digit);
            if (++digits % 2 != 0) continue;
            if (!target.Add((byte)value)) return false;
            value = 0;
        }
        return digits % 2 == 0 || target.Add((byte)(value * 16));
    }

    private static bool ReadAscii85(ReadOnlySpan<byte> source, ExpandedBytes target, CheckWork work)
    {
        work.Spend(source.Length);
        var (value, count) = (0L, 0);
        if (source.TrimStart("\0\t\n\f\r "u8).StartsWith("<~"u8)) source = source[(source.IndexOf((byte)'~') + 1)..];
        foreach (var digit in source)
        {
            if (digit == '~') break;
            if (digit == 'z' && count == 0)
            {
                if (!target.Take([0, 0, 0, 0])) return false;
                continue;
            }
            if (digit is < (byte)'!' or > (byte)'u') continue;
            value = value * 85 + digit - '!';
            if (++count < 5) continue;
            if (!target.Take([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value])) return false;
            (value, count) = (0, 0);
        }
        if (count < 2) return true;
        for (var i = count; i < 5; i++) value = value * 85 + 84;
        return target.Take(((ReadOnlySpan<byte>)[(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8)])[..(count - 1)]);
    }

    private static bool ReadRuns(ReadOnlySpan<byte> source, ExpandedBytes target, CheckWork work)
    {
        Span<byte> run = stackalloc byte[128];
        for (var at = 0; at < source.Length;)
        {
            work.Spend(4);
            int length = source[at++];
            if (length == 128) return true;
            if (length < 128)
            {
                var part = source[at..Math.Min(source.Length, at + length + 1)];
                if (!target.Take(part)) return false;
                at += part.Length;
            }
            else if (at < source.Length)
            {
                run[..(257 - length)].Fill(source[at++]);
                if (!target.Take(run[..(257 - length)])) return false;
            }
        }
        return true;
    }
}
