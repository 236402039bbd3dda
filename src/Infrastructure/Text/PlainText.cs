using System.Text;

namespace PatientResponse.Infrastructure.Text;

/// <summary>
/// Words as they are kept, measured and compared, wherever they come in. No character that means something is deleted: some
/// programs write hyphens, line ends and quotation marks as control characters, and "5–10 mg" must not become "510 mg".
/// </summary>
public static class PlainText
{
    /// <summary>U+0080 to U+009F as Windows-1252 has them, whose bytes are often taken for Latin-1. U+0085 is Unicode's own line
    /// end all the same; five places are empty.</summary>
    private const string Windows1252 = "€ ‚ƒ„\n†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

    /// <summary>Of several lines: line ends as LF, tabs as they are, letters with their accents composed (Unicode's form NFC).</summary>
    public static string Clean(string? typed)
    {
        typed ??= "";
        if (typed.All(IsOrdinary))
            return typed;
        var clean = new StringBuilder(typed.Length);
        foreach (var rune in typed.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
            Append(clean, rune);
        return ComposedText.Of(clean.ToString());
    }

    /// <summary>Of one line, such as a name: line ends and tabs are spaces, and there are none around it.</summary>
    public static string Line(string? typed) => Clean(typed).Replace('\n', ' ').Replace('\t', ' ').Trim();

    private static bool IsOrdinary(char c) => c is '\n' or '\t' or >= ' ' and < '\x7F';

    private static void Append(StringBuilder clean, Rune rune)
    {
        switch (rune.Value)
        {
            case 0x1E: // Word's non-breaking hyphen.
                clean.Append('-');
                break;
            case 0x1F or 0xAD: // Where a word may be parted: Word's optional hyphen, and Unicode's.
                break;
            case '\t':
                clean.Append('\t');
                break;
            case '\n' or 0x0B or 0x0C or '\r' or 0x2028 or 0x2029: // 0x0B: Word's and PowerPoint's line break.
                clean.Append('\n');
                break;
            case >= 0x80 and <= 0x9F:
                clean.Append(Windows1252[rune.Value - 0x80]);
                break;
            case < ' ' or 0x7F:
                clean.Append(' ');
                break;
            default:
                clean.Append(rune);
                break;
        }
    }
}
