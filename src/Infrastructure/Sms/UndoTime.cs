using System.Globalization;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>How long a text message waits before it leaves, so that whoever sent it may think again.</summary>
/// <param name="Length">Zero where nothing waits; at most a minute.</param>
public sealed record UndoTime(TimeSpan Length)
{
    public const string Key = "Sms:UndoFor";

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static UndoTime Of(IConfiguration settings) => new(Parse(settings) ?? Usual);

    public static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (settings[Key] is { Length: > 0 } && Parse(settings) is null)
            yield return $"{Key} is a time from 00:00:00, which sends at once, to 00:01:00.";
    }

    /// <summary>When what is sent now leaves; null for at once.</summary>
    public DateTimeOffset? LeavesAt(DateTimeOffset now) => Length > TimeSpan.Zero ? now + Length : null;

    private static TimeSpan? Parse(IConfiguration settings) =>
        TimeSpan.TryParse(settings[Key], CultureInfo.InvariantCulture, out var length) && length >= TimeSpan.Zero && length <= Longest ? length : null;
}
