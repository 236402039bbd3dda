namespace PatientResponse.Infrastructure.Storage;

/// <summary>How an instant is stored: milliseconds since 1970, UTC.</summary>
public static class Instant
{
    public static long To(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    public static DateTimeOffset From(long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);
}
