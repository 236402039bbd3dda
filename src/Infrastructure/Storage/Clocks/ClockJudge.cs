namespace PatientResponse.Infrastructure.Storage;

/// <summary>Why nothing may be done now that cannot be undone.</summary>
public enum ClockDoubt
{
    None,

    /// <summary>This machine's clock is wrong. The time is the database's.</summary>
    OwnIsOff,

    /// <summary>The database's clock is wrong. The time is this machine's.</summary>
    DatabaseIsOff,

    /// <summary>The clocks agree, but were moved together, or nothing ran for days.</summary>
    Jumped,

    /// <summary>Something is on record that is yet to come.</summary>
    Behind,
}

/// <summary>What the product last took for the time.</summary>
/// <param name="UnsettledSince">When time was found to have jumped; null where it passes as it should.</param>
public sealed record ClockRecord(DateTimeOffset Seen, DateTimeOffset? UnsettledSince = null);

/// <param name="Database">The database's clock.</param>
/// <param name="Newest">The newest event or entry of the audit record; null where there is none.</param>
/// <param name="Record">Null before the first check of an installation.</param>
public sealed record OtherReadings(DateTimeOffset Database, DateTimeOffset? Newest, ClockRecord? Record);

/// <param name="Now">The time, as far as anybody can tell.</param>
/// <param name="Record">To be kept for the next check.</param>
public sealed record ClockVerdict(DateTimeOffset Now, ClockDoubt Doubt, ClockRecord Record)
{
    /// <summary>What cannot be undone may be done.</summary>
    public bool IsSound => Doubt == ClockDoubt.None;
}

/// <summary>Whether the clocks can be believed. One alone proves nothing.</summary>
public static class ClockJudge
{
    /// <summary>Clocks that differ by more do not agree.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    /// <summary>A copy notes the time every minute. Where nobody did for longer, the clocks may have been moved; a long weekend is shorter.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromDays(4);

    /// <summary>After a jump the clocks have to go on together for so long before they are believed.</summary>
    public static readonly TimeSpan SettlesIn = TimeSpan.FromDays(1);

    public static ClockVerdict Judge(DateTimeOffset own, OtherReadings others)
    {
        var seen = others.Record?.Seen ?? others.Newest ?? others.Database;
        var since = others.Record?.UnsettledSince;
        if ((own - others.Database).Duration() > Apart)
        {
            var now = (others.Database - seen).Duration() <= (own - seen).Duration() ? others.Database : own;
            // Who is right is believed for links and sessions. The next gap is counted from it, unless it is one itself.
            return new(now, now == own ? ClockDoubt.DatabaseIsOff : ClockDoubt.OwnIsOff, new(IsJump(seen, now) ? seen : now, since));
        }
        if (IsJump(seen, own))
            since = own;
        else if (own - since >= SettlesIn)
            since = null;
        return new(own, since is not null ? ClockDoubt.Jumped : others.Newest - own > Apart ? ClockDoubt.Behind : ClockDoubt.None, new(own, since));
    }

    private static bool IsJump(DateTimeOffset seen, DateTimeOffset now) => seen - now > Apart || now - seen > LongestGap;
}
