using System.Globalization;

namespace PatientResponse.Infrastructure.Web;

/// <summary>A date, or the message and the parts to mark.</summary>
public sealed record DateInputResult(DateOnly? Date, string? Error, bool DayInError, bool MonthInError, bool YearInError);

/// <summary>The three-field date of the NHS service manual (components/date-input), for a date that lies in the past.</summary>
public static class DateInput
{
    /// <summary>No living person was born before this year.</summary>
    public const int EarliestYear = 1880;

    private static readonly string[] MonthNames =
    [
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ];

    /// <summary>
    /// Accepts 5, 05, Mar, March and digits of any script. <paramref name="what"/> opens the messages: "Date of birth".
    /// </summary>
    public static DateInputResult Parse(string? day, string? month, string? year, DateOnly today, string what)
    {
        var (d, m, y) = (Clean(day), Clean(month), Clean(year));
        if (d == "" || m == "" || y == "")
            return Wrong(Missing(d, m, y, what), d == "", m == "", y == "");
        if (y.Length != 4 && y.All(char.IsAsciiDigit))
            return Wrong("Year must include 4 numbers", false, false, true);

        var (dayNumber, monthNumber, yearNumber) = (Number(d, 2), Month(m), Number(y, 4));
        var notReal = $"{what} must be a real date";
        var (badDay, badMonth, badYear) = (dayNumber is < 1 or > 31, monthNumber is < 1 or > 12, yearNumber < EarliestYear);
        if (badDay || badMonth || badYear)
            return Wrong(notReal, badDay, badMonth, badYear);
        if (dayNumber > DateTime.DaysInMonth(yearNumber, monthNumber))
            return Wrong(notReal, true, true, true);

        var date = new DateOnly(yearNumber, monthNumber, dayNumber);
        return date > today
            ? Wrong($"{what} must be in the past", true, true, true)
            : new DateInputResult(date, null, false, false, false);
    }

    private static string Missing(string day, string month, string year, string what)
    {
        string[] parts = [.. new[] { (day, "day"), (month, "month"), (year, "year") }.Where(p => p.Item1 == "").Select(p => p.Item2)];
        return parts.Length == 3
            ? $"Enter your {char.ToLowerInvariant(what[0])}{what[1..]}"
            : $"{what} must include a {string.Join(" and ", parts)}";
    }

    private static DateInputResult Wrong(string error, bool day, bool month, bool year) => new(null, error, day, month, year);

    private static string Clean(string? part) =>
        TypedText.WithAsciiDigits(part ?? "").Trim(' ', '\t', '\r', '\n', '\u00A0', '\u3000', '\u200E', '\u200F', '\uFEFF').TrimEnd('.').ToLowerInvariant();

    private static int Month(string month) =>
        month.Length >= 3 && Array.FindIndex(MonthNames, name => name.StartsWith(month, StringComparison.Ordinal)) is >= 0 and var index
            ? index + 1
            : Number(month, 2);

    /// <summary>0, which is no day, month or year, for anything but that many digits or fewer.</summary>
    private static int Number(string digits, int most) =>
        digits.Length <= most && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
