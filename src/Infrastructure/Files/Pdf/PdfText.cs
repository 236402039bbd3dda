namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>The bytes that a string stands for (ISO 32000-1, 7.3.4).</summary>
internal static class PdfText
{
    private const int MaxRawBytes = 1024;

    /// <summary>As many as fit.</summary>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source, PdfItem text, Span<byte> target)
    {
        var raw = source.Slice(text.Start, Math.Min(text.Value, MaxRawBytes));
        return target[..(text.Kind == PdfKind.Hex ? ReadHex(raw, target) : ReadLiteral(raw, target))];
    }

    /// <summary>Whether a viewer that believed the address would run it.</summary>
    public static bool IsScriptAddress(ReadOnlySpan<byte> source, PdfItem text)
    {
        Span<byte> letters = stackalloc byte[64];
        Span<char> scheme = stackalloc char[64];
        var length = 0;
        // Spaces, line ends and halves of characters of two bytes are not part of it.
        foreach (var letter in Read(source, text, letters))
            if (letter is > 0x20 and < 0x7F) scheme[length++] = (char)letter;
        ReadOnlySpan<char> address = scheme[..length];
        return address.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase);
    }

    private static int ReadHex(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var (length, digits) = (0, 0);
        foreach (var digit in raw)
        {
            if (!char.IsAsciiHexDigit((char)digit)) continue;
            if (digits % 2 == 0)
            {
                if (length == target.Length) break;
                target[length++] = (byte)(Uri.FromHex((char)digit) * 16);
            }
            else target[length - 1] |= (byte)Uri.FromHex((char)digit);
            digits++;
        }
        return length;
    }

    private static int ReadLiteral(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var length = 0;
        for (var i = 0; i < raw.Length && length < target.Length; i++)
        {
            if (raw[i] == '\r')
            {
                target[length++] = (byte)'\n';
                if (i + 1 < raw.Length && raw[i + 1] == '\n') i++;
            }
            else if (raw[i] != '\\') target[length++] = raw[i];
            else if (++i < raw.Length && ReadEscaped(raw, ref i) is { } value) target[length++] = value;
        }
        return length;
    }

    /// <summary>Null for a line end that is not part of the string.</summary>
    private static byte? ReadEscaped(ReadOnlySpan<byte> raw, ref int i)
    {
        switch (raw[i])
        {
            case (byte)'n': return (byte)'\n';
            case (byte)'r': return (byte)'\r';
            case (byte)'t': return (byte)'\t';
            case (byte)'b': return (byte)'\b';
            case (byte)'f': return (byte)'\f';
            case (byte)'\n': return null;
            case (byte)'\r':
                if (i + 1 < raw.Length && raw[i + 1] == '\n') i++;
                return null;
            case >= (byte)'0' and <= (byte)'7':
                var value = 0;
                var last = Math.Min(raw.Length, i + 3);
                for (; i < last && raw[i] is >= (byte)'0' and <= (byte)'7'; i++) value = value * 8 + raw[i] - '0';
                i--;
                return (byte)value;
            default: return raw[i];
        }
    }
}
