using System.Globalization;
using System.Text;

namespace PatientResponse.Infrastructure.Text;

/// <summary>What people type or paste into a box beside the letters and digits that we asked for.</summary>
public static class TypedText
{
    /// <summary>Shows nothing: spaces of any width, control characters, the marks that come along when text is pasted, and the
    /// sign that turns a digit into a picture of a key.</summary>
    public static bool IsBlank(Rune c) =>
        Rune.IsWhiteSpace(c) || (Rune.IsControl(c) && !IsDash(c)) || Rune.GetUnicodeCategory(c) == UnicodeCategory.Format
        || c.Value is 0x034F or 0x115F or 0x1160 or 0x20E3 or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>Blanks, and dashes of any length: Word's non-breaking hyphen, a control character, too.</summary>
    public static bool IsFiller(Rune c) => IsBlank(c) || IsDash(c);

    /// <inheritdoc cref="IsFiller(Rune)"/>
    public static bool IsFiller(char c) => Rune.TryCreate(c, out var rune) && IsFiller(rune);

    /// <summary>The text without any filler; empty for null.</summary>
    public static string WithoutFiller(string? text) => Without(text, IsFiller);

    /// <summary>The text without what shows nothing; empty for null.</summary>
    public static string WithoutBlanks(string? text) => Without(text, IsBlank);

    /// <summary>The text with digits of other scripts (Arabic-Indic, bold …) as 0–9, and the wide letters, digits and signs of
    /// East Asian keyboards (U+FF01 to U+FF5E) as ours.</summary>
    public static string WithAsciiDigits(string text) => string.Concat(text.EnumerateRunes().Select(AsAscii));

    /// <summary>A number as it is kept and shown: digits as 0–9, plain spaces and dashes, nothing that cannot be seen.</summary>
    public static string Tidy(string? text) => string.Concat(WithAsciiDigits(text ?? "").EnumerateRunes()
        .Select(c => IsDash(c) ? "-" : Rune.IsWhiteSpace(c) ? " " : IsBlank(c) ? "" : c.ToString())).Trim();

    private static string Without(string? text, Func<Rune, bool> filler) =>
        string.Concat((text ?? "").EnumerateRunes().Where(c => !filler(c)).Select(c => c.ToString()));

    private static bool IsDash(Rune c) => c.Value is 0x1E or 0x2212 || Rune.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation;

    private static string AsAscii(Rune c) =>
        c.Value is >= 0xFF01 and <= 0xFF5E ? ((char)(c.Value - 0xFF01 + '!')).ToString()
        : Rune.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? ((char)('0' + (int)Rune.GetNumericValue(c))).ToString()
        : c.ToString();
}
