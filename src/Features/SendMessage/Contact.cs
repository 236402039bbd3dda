namespace PatientResponse.Features.SendMessage;

/// <summary>What the practice has sent a patient lately: how much and by whom, never what.</summary>
/// <param name="Senders">The clinician who looks comes first, as "you".</param>
/// <param name="LastAt">When the latest message was sent; null when there was none lately.</param>
/// <param name="LastBy">Who sent it.</param>
public sealed record Contact(IReadOnlyList<(string Name, int Messages)> Senders, DateTimeOffset? LastAt, string LastBy, DateTimeOffset? LastReply)
{
    public static readonly TimeSpan Lately = TimeSpan.FromDays(30);

    /// <summary>A second message so soon may be a mistake.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    public static readonly Contact None = new([], null, "", null);

    public string Summary => Senders.Sum(sender => sender.Messages) switch
    {
        0 => "No messages to this patient in the last 30 days.",
        1 => $"1 message to this patient in the last 30 days, from {Senders[0].Name}.",
        var all when Senders.Count == 1 => $"{all} messages to this patient in the last 30 days, all from {Senders[0].Name}.",
        var all => $"{all} messages to this patient in the last 30 days: {string.Join(", ", Senders.Select(sender => $"{sender.Name} {sender.Messages}"))}.",
    };

    /// <summary>That a message went a moment ago; null when none did.</summary>
    public string? JustNow(DateTimeOffset now) => LastAt is { } last && now - last < Soon
        ? $"{(LastBy == You ? "You" : LastBy)} sent this patient a message {Ago(now - last)}."
        : null;

    public const string You = "you";

    private static string Ago(TimeSpan since) => (int)since.TotalMinutes switch
    {
        < 1 => "less than a minute ago",
        1 => "1 minute ago",
        var minutes => $"{minutes} minutes ago",
    };
}
