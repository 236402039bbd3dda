using System.Globalization;

namespace PatientResponse.Infrastructure.Web;

/// <summary>What people type or paste into a box beside the letters and digits that we asked for.</summary>
public static class TypedText
{
    /// <summary>Spaces of any width, dashes of any length, and the invisible marks that come along when text is pasted.</summary>
    public static bool IsFiller(char c) =>
        char.IsWhiteSpace(c) || c == '\u2212' || char.GetUnicodeCategory(c)
            is UnicodeCategory.DashPunctuation or UnicodeCategory.SpaceSeparator or UnicodeCategory.Format;

    /// <summary>The text without any filler; empty for null.</summary>
    public static string WithoutFiller(string? text) =>
        string.Concat((text ?? "").Where(c => !IsFiller(c)));

    /// <summary>The text with digits of other scripts (full-width, Arabic-Indic …) as 0–9.</summary>
    public static string WithAsciiDigits(string text) =>
        string.Concat(text.Select(c => CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? (char)('0' + digit) : c));
}
