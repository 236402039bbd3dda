using System.Globalization;

namespace PatientResponse.Infrastructure.Text;

/// <summary>Instants as people in the United Kingdom read them (NHS service manual: dates and times).</summary>
public static class UkTime
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    public static DateTimeOffset Of(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, London);

    /// <summary>The instant of a time of day that clocks never skip, which is any but those of one hour in March.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, London.GetUtcOffset(local)).ToUniversalTime();
    }

    public static DateOnly Today(TimeProvider time) => DateOnly.FromDateTime(Of(time.GetUtcNow()).DateTime);

    /// <summary>"Monday 2 March 2026 at 9:30am".</summary>
    public static string Format(DateTimeOffset instant) => $"{Of(instant).ToString("dddd d MMMM yyyy", English)} at {Time(instant)}";

    /// <summary>"2 March 2026, 9:30am": where there is little room.</summary>
    public static string Brief(DateTimeOffset instant) => $"{Of(instant).ToString("d MMMM yyyy", English)}, {Time(instant)}";

    /// <summary>"9:30am" today, "2 March" this year, otherwise "2 March 2025".</summary>
    public static string InList(DateTimeOffset instant, DateTimeOffset now)
    {
        var (then, today) = (Of(instant), Of(now));
        return then.Date == today.Date ? Time(instant) : then.ToString(then.Year == today.Year ? "d MMMM" : "d MMMM yyyy", English);
    }

    /// <summary>"2 March 2026".</summary>
    public static string Format(DateOnly date) => date.ToString("d MMMM yyyy", English);

    /// <summary>For machines: the value of a time element.</summary>
    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", English);

    private static string Time(DateTimeOffset instant)
    {
        var local = Of(instant);
        var hour = local.Hour % 12 == 0 ? 12 : local.Hour % 12;
        return $"{hour}{(local.Minute == 0 ? "" : local.ToString(":mm", English))}{(local.Hour < 12 ? "am" : "pm")}";
    }
}
