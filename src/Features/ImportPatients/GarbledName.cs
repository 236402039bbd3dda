using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PatientResponse.Features.ImportPatients;

/// <summary>Names that lost a letter on their way: a patient would be greeted by it.</summary>
public static partial class GarbledName
{
    /// <param name="cell">As it stands in the file.</param>
    /// <returns>What is wrong, without the name; null where nothing is.</returns>
    public static string? MistakeIn(string cell) =>
        cell.Contains('\uFFFD', StringComparison.Ordinal) ? "a byte that is no letter"
        : IsReadTwice(cell) || OutOfPlace().IsMatch(cell) ? "letters in another encoding"
        : cell.Any(c => c is '?' or '¿' or '\u001A' || IsSign(c)) ? "a letter was lost"
        : null;

    private static bool IsSign(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.OtherSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.PrivateUse;

    /// <summary>"ZoÃ«": UTF-8 that was read as Windows-1252.</summary>
    private static bool IsReadTwice(string cell)
    {
        ReadOnlySpan<byte> bytes = FileEncoding.Windows1252.GetBytes(cell);
        for (; bytes.Length > 0; bytes = bytes[1..])
            if (bytes[0] is (>= 0xC2 and <= 0xC5) or 0xE2 && Rune.DecodeFromUtf8(bytes, out var letter, out _) == System.Buffers.OperationStatus.Done
                && letter.Value is (>= 0xA0 and < 0x180) or (>= 0x2010 and < 0x2030))
                return true;
        return false;
    }

    /// <summary>Half of a letter in UTF-8, or a small one of old Macs, seen as Windows-1252.</summary>
    [GeneratedRegex(@"\p{Ll}[ÂÃÄÅŽŠŸ]|[‡ˆ‰‹›†•]")]
    private static partial Regex OutOfPlace();
}
