using System.Globalization;
using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>What came of looking for a date of birth.</summary>
/// <param name="Birth">Null where there is none, or none that can be.</param>
/// <param name="IsUnreal">There is one that the calendar does not have, such as 31 February.</param>
/// <param name="Rest">What stands around it.</param>
/// <param name="Month">A month that may be a name as well, as in "Jones, June 1967"; it is not in <paramref name="Birth"/> then.</param>
public sealed record BirthFound(Birth? Birth, bool IsUnreal, string Rest, string Month = "");

/// <summary>Reads dates of birth in the forms that people, records and spreadsheets write them: the day before the month, or yyyy-MM-dd.</summary>
public static partial class BirthText
{
    /// <summary>No living person was born before this year.</summary>
    public const int EarliestYear = 1880;

    private const string MonthName = "(?<m>jan(?:uary)?|feb(?:r(?:uary)?)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    private const string Year = @"(?<y>\d{4}|\d{2})(?!\d)";
    private const string Label = @"(?:\b(?:born|d\.?\s?o\.?\s?b\.?|date of birth)[\s:]*(?:on |in )?)?";
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] MonthsThatAreNames = ["jan", "april", "may", "june", "august"];
    private static readonly Regex[] Forms = [Iso(), Numbers(), DayAndMonth(), MonthAndDay(), EightDigits(), MonthOfYear(), NumberedMonth(), YearAlone()];

    /// <summary>The text as dates are looked for in it: plain digits, plain dashes and single spaces, nothing invisible.</summary>
    public static string Plain(string? text) => string.Join(' ', string.Concat(TypedText.WithAsciiDigits(text ?? "").Select(Plain))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The one date of birth in a plain text.</summary>
    public static BirthFound Find(string plain)
    {
        foreach (var form in Forms)
            if (form.Match(plain) is { Success: true } match)
                return Found(match, plain);
        return new(null, false, plain);
    }

    /// <summary>Reads a text that is a date and nothing else; null for any other, and for one that cannot be.</summary>
    public static Birth? Parse(string? text) =>
        Find(Plain(text)) is { Birth: { } birth } found && found.Rest.Trim(' ', '.', ',') == "" ? birth : null;

    private static BirthFound Found(Match match, string plain)
    {
        var rest = $"{plain[..match.Index]} {plain[(match.Index + match.Length)..]}";
        var (day, month, year) = (Number(match, "d"), match.Groups["m"].Value, Number(match, "y"));
        if (day == 0 && MonthsThatAreNames.Contains(month.ToLowerInvariant()) && rest.Any(char.IsLetter))
            return new(Real(year, 0, 0), false, rest, month);
        var isUnreal = (match.Groups["d"].Success && day == 0) || (match.Groups["y"].Length == 4 && year < 100);
        var birth = isUnreal ? null : Real(year, MonthOf(month), day);
        return new(birth, birth is null, rest);
    }

    private static Birth? Real(int year, int month, int day)
    {
        if (month is < 0 or > 12 || year is >= 100 and (< EarliestYear or > 2100))
            return null;
        var birth = new Birth(year, month, day);
        return birth.Days().Any() ? birth : null;
    }

    /// <summary>0 for none, -1 for one that there is not.</summary>
    private static int MonthOf(string text) =>
        text == "" ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number == 0 ? -1 : number)
        : Array.IndexOf(Months, text[..3].ToLowerInvariant()) + 1;

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Plain(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => ((char)(c - '\uFF01' + '!')).ToString(),
        '\u2212' => "-",
        '\u2044' or '\u2215' => "/",
        _ when char.IsWhiteSpace(c) || char.IsControl(c) => " ",
        _ => char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.Format => "",
            UnicodeCategory.DashPunctuation => "-",
            _ => c.ToString(),
        },
    };

    [GeneratedRegex(Label + @"(?<!\d)(?<y>\d{4}) ?([-/.]) ?(?<m>\d{1,2}) ?\1 ?(?<d>\d{1,2})(?!\d)(?:[T ]00:00(?::00)?(?:\.0+)?Z?)?", RegexOptions.IgnoreCase)]
    private static partial Regex Iso();

    [GeneratedRegex(Label + @"(?<!\d)(?<d>\d{1,2})(?: ?[-/.] ?(?<m>\d{1,2}) ?[-/.] ?" + Year + @"| (?<m>\d{1,2}) (?<y>\d{4})(?!\d))(?: 00:00(?::00)?(?:\.0+)?)?", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();

    [GeneratedRegex(Label + @"(?<!\d)(?<d>\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*(?:of )?" + MonthName + @"(?![a-z])[\s.,/'’-]*" + Year, RegexOptions.IgnoreCase)]
    private static partial Regex DayAndMonth();

    [GeneratedRegex(Label + @"\b" + MonthName + @"(?![a-z])[\s.-]*(?<d>\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|[/-])(?<y>\d{4})(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex MonthAndDay();

    [GeneratedRegex(Label + @"(?<!\d)(?:(?<y>(?:18|19|20)\d\d)(?<m>0[1-9]|1[0-2])(?<d>\d\d)|(?<d>\d\d)(?<m>\d\d)(?<y>\d{4}))(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex EightDigits();

    [GeneratedRegex(Label + @"\b" + MonthName + @"(?![a-z])[\s.,/'’-]*(?<y>\d{4})(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex MonthOfYear();

    [GeneratedRegex(Label + @"(?<![\d/.-])(?<m>\d{1,2}) ?[/.-] ?(?<y>\d{4})(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex NumberedMonth();

    [GeneratedRegex(Label + @"(?<![\d/.-])(?<y>18[89]\d|19\d\d|20\d\d)(?![\d/.-])", RegexOptions.IgnoreCase)]
    private static partial Regex YearAlone();
}
