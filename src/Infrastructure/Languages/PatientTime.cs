using System.Globalization;
using PatientResponse.Infrastructure.Text;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Infrastructure.Languages;

/// <summary>Instants as patients read them, in their language.</summary>
public static class PatientTime
{
    /// <summary>"Monday 2 March 2026 at 9:30am".</summary>
    public static string Format(DateTimeOffset instant)
    {
        var local = UkTime.Of(instant);
        var hour = local.Hour % 12 == 0 ? 12 : local.Hour % 12;
        var time = $"{hour}{(local.Minute == 0 ? "" : local.ToString(":mm", CultureInfo.InvariantCulture))}{Say(local.Hour < 12 ? "date.am" : "date.pm")}";
        return Say("date.full", Days[(int)local.DayOfWeek], local.Day, Months[local.Month - 1], local.Year, time);
    }

    /// <summary>From January on.</summary>
    public static string[] Months => Say("date.months").Split(',');

    private static string[] Days => Say("date.days").Split(',');
}
