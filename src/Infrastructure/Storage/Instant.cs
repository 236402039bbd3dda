namespace PatientResponse.Infrastructure.Storage;

/// <summary>How an instant is stored: milliseconds since 1970, UTC.</summary>
public static class Instant
{
    public static long To(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    /// <summary>Whether so much time has passed since an instant. One that is yet to come was taken from a wrong clock: nothing lasts or waits for it.</summary>
    public static bool HasPassed(this TimeSpan span, DateTimeOffset since, DateTimeOffset now) => now - since >= span || since - now > ClockJudge.Apart;

    public static DateTimeOffset From(long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);
}
