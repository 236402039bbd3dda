using System.Globalization;
using System.Text;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// Turns XML in UTF-8 or UTF-16 into one byte a letter: letters beyond ASCII are of no interest, and are all the same. Any other
/// encoding may make other letters of the same bytes.
/// </summary>
internal sealed class XmlEncoding
{
    private const byte Foreign = 0x80;
    private const int DeclarationBytes = 256;
    private static readonly string[] Known = ["utf-8", "utf-16", "us-ascii", "utf8", "utf16"];
    private bool isBegun;
    private int? high;
    private byte? held;

    /// <summary>It is declared as something else.</summary>
    public bool IsUnknown { get; private set; }

    /// <summary>The letters of the next stretch; at most one more than it has bytes.</summary>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> bytes, Span<byte> letters)
    {
        if (!isBegun) Begin(bytes);
        if (high is null)
        {
            if (!isBegun && bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
            isBegun = true;
            bytes.CopyTo(letters);
            return letters[..bytes.Length];
        }
        var length = Pair(bytes, letters);
        if (!isBegun) Declare(letters[..Math.Min(length, DeclarationBytes)]);
        isBegun = true;
        return letters[..length];
    }

    /// <summary>What a reference to a character stands for; those with names are punctuation.</summary>
    public static byte Character(ReadOnlySpan<byte> entity)
    {
        var text = Encoding.ASCII.GetString(entity);
        var parsed = text.StartsWith("#x", StringComparison.Ordinal)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            : int.TryParse(text.AsSpan(Math.Min(1, text.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return !parsed ? (byte)' ' : number is > 0 and < Foreign ? (byte)number : Foreign;
    }

    private void Begin(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith("<\0"u8)) high = 1;
        else if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || bytes.StartsWith("\0<"u8)) high = 0;
        else
        {
            // Other widths of letters, or none that begins with "<".
            IsUnknown = bytes.StartsWith("\0\0"u8);
            Declare(bytes[..Math.Min(bytes.Length, DeclarationBytes)]);
        }
        IsUnknown |= bytes.Length >= 4 && high is not null && bytes[2] == 0 && bytes[3] == 0;
    }

    private int Pair(ReadOnlySpan<byte> bytes, Span<byte> letters)
    {
        var length = 0;
        foreach (var part in bytes)
        {
            if (held is not { } first)
            {
                held = part;
                continue;
            }
            held = null;
            var letter = high == 0 ? (first << 8) | part : (part << 8) | first;
            if (letter != 0xFEFF) letters[length++] = letter < Foreign ? (byte)letter : Foreign;
        }
        return length;
    }

    private void Declare(ReadOnlySpan<byte> begin)
    {
        var text = Encoding.Latin1.GetString(begin);
        var end = text.IndexOf("?>", StringComparison.Ordinal);
        var at = end < 0 ? -1 : text.IndexOf("encoding", 0, end, StringComparison.Ordinal);
        if (at < 0)
        {
            IsUnknown |= end < 0 && text.Contains("<?xml", StringComparison.Ordinal);
            return;
        }
        var name = text[(at + "encoding".Length)..end].Trim(' ', '\t', '\r', '\n', '=').Split('"', '\'');
        IsUnknown |= name.Length < 2 || !Known.Contains(name[1].Trim(), StringComparer.OrdinalIgnoreCase);
    }
}
