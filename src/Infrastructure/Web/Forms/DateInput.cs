using System.Globalization;
using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Text;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>A date, or the message and the parts to mark.</summary>
public sealed record DateInputResult(DateOnly? Date, string? Error, bool DayInError, bool MonthInError, bool YearInError);

/// <summary>The three-field date of the NHS service manual (components/date-input), for a date of birth.</summary>
public static partial class DateInput
{
    private static readonly string[] MonthNames =
    [
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ];

    /// <summary>Accepts 5, 05, 5th, Mar, March, the month in the page's language, and digits of any script, with whatever is pasted along and shows nothing.</summary>
    public static DateInputResult Parse(string? day, string? month, string? year, DateOnly today)
    {
        var (d, m, y) = (Clean(day), Clean(month), Clean(year));
        if (d == "" || m == "" || y == "")
            return Wrong(Missing(d, m, y), d == "", m == "", y == "");
        if (y.Length != 4 && y.All(char.IsAsciiDigit))
            return Wrong(Say("dob.four-numbers"), false, false, true);

        var (dayNumber, monthNumber, yearNumber) = (Number(Ordinal().Replace(d, ""), 2), Month(m), Number(y, 4));
        var notReal = Say("dob.not-real");
        var (badDay, badMonth, badYear) = (dayNumber is < 1 or > 31, monthNumber is < 1 or > 12, yearNumber < BirthText.EarliestYear);
        if (badDay || badMonth || badYear)
            return Wrong(notReal, badDay, badMonth, badYear);
        if (dayNumber > DateTime.DaysInMonth(yearNumber, monthNumber))
            return Wrong(notReal, true, true, true);

        var date = new DateOnly(yearNumber, monthNumber, dayNumber);
        return date > today
            ? Wrong(Say("dob.not-past"), true, true, true)
            : new DateInputResult(date, null, false, false, false);
    }

    private static string Missing(string day, string month, string year) => Say((day, month, year) switch
    {
        ("", "", "") => "dob.enter",
        ("", "", _) => "dob.no-day-month",
        ("", _, "") => "dob.no-day-year",
        (_, "", "") => "dob.no-month-year",
        ("", _, _) => "dob.no-day",
        (_, "", _) => "dob.no-month",
        _ => "dob.no-year",
    });

    private static DateInputResult Wrong(string error, bool day, bool month, bool year) => new(null, error, day, month, year);

    private static string Clean(string? part) =>
        TypedText.WithAsciiDigits(TypedText.WithoutBlanks(part)).TrimEnd('.', ',', '/', '-').ToLowerInvariant();

    private static int Month(string month) =>
        month.Length >= 3 && (Named(month, MonthNames) ?? Named(month, PatientTime.Months)) is { } named ? named : Number(month, 2);

    private static int? Named(string month, string[] names) =>
        Array.FindIndex(names, name => name.StartsWith(month, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index ? index + 1 : null;

    /// <summary>What makes "3" into "3rd", in English or Welsh.</summary>
    [GeneratedRegex("(?<=^[0-9]{1,2})(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)$")]
    private static partial Regex Ordinal();

    /// <summary>0, which is no day, month or year, for anything but that many digits or fewer.</summary>
    private static int Number(string digits, int most) =>
        digits.Length <= most && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
