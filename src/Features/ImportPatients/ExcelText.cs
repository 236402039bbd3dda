using System.Text.RegularExpressions;

namespace PatientResponse.Features.ImportPatients;

/// <summary>Numbers as spreadsheets write them.</summary>
public static partial class ExcelText
{
    /// <summary>Without the marks of a text or a formula, as digits where a number is still whole: "9.990010005E+09" is 9990010005.</summary>
    public static string Plain(string cell)
    {
        var text = cell.Trim();
        text = Formula().Match(text) is { Success: true } formula ? formula.Groups[1].Value.Trim() : text.TrimStart('\'', '‘', '’', '`');
        if (Scientific().Match(text) is { Success: true } number && number.Groups["d"].Length >= Exponent(number))
            return number.Groups["n"].Value + number.Groups["d"].Value[..Exponent(number)];
        return Whole().Match(text) is { Success: true } whole ? whole.Groups[1].Value : text;
    }

    /// <summary>Of the number only the first digits are left: "9.99E+09".</summary>
    public static bool IsShortened(string plain) => Scientific().IsMatch(plain);

    private static int Exponent(Match number) => int.Parse(number.Groups["e"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("""^="?([^"]*)"?$""")]
    private static partial Regex Formula();

    [GeneratedRegex(@"^\+?(?<n>\d)(?:[.,](?<d>\d+))?E\+?(?<e>\d{1,2})$", RegexOptions.IgnoreCase)]
    private static partial Regex Scientific();

    [GeneratedRegex(@"^(\d{5,})[.,]0+$")]
    private static partial Regex Whole();
}
