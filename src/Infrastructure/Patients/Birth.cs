using System.Globalization;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>When somebody was born, as exactly as it was typed: "20 February 1967", "February 1967" or "1967".</summary>
/// <param name="Year">Of two digits it may be of this century or the last.</param>
/// <param name="Month">0 where there is none.</param>
/// <param name="Day">0 where there is none.</param>
public sealed record Birth(int Year, int Month = 0, int Day = 0)
{
    /// <summary>The date, where it is a whole one that can be only one day.</summary>
    public DateOnly? Date => Year >= 100 && Day > 0 ? new(Year, Month, Day) : null;

    public bool IsYearAlone => Month == 0;

    /// <summary>As a sentence goes on after "born": "on 20 February 1967", "in 1967".</summary>
    public string Text => (Day, Month) switch
    {
        (0, 0) => $"in {Shown}",
        (0, _) => $"in {MonthName} {Shown}",
        _ => $"on {Day} {MonthName} {Shown}",
    };

    private string Shown => Year.ToString("00", CultureInfo.InvariantCulture);

    private string MonthName => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(Month);

    public static implicit operator Birth(DateOnly date) => new(date.Year, date.Month, date.Day);

    public bool Contains(DateOnly date) =>
        (Year < 100 ? date.Year % 100 == Year && date.Year is >= 1900 and < 2100 : date.Year == Year)
        && (Month == 0 || date.Month == Month) && (Day == 0 || date.Day == Day);

    /// <summary>Every day that it may be; at most two years of them.</summary>
    public IEnumerable<DateOnly> Days() =>
        from year in Year < 100 ? (int[])[1900 + Year, 2000 + Year] : [Year]
        from month in Month == 0 ? Enumerable.Range(1, 12) : [Month]
        from day in Day == 0 ? Enumerable.Range(1, DateTime.DaysInMonth(year, month)) : [Day]
        where day <= DateTime.DaysInMonth(year, month)
        select new DateOnly(year, month, day);
}
