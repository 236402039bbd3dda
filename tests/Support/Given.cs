using PatientResponse.Features;

namespace PatientResponse.Tests.Support;

/// <summary>Conversations for tests of decisions: state from mt_events, no storage.</summary>
public static class Given
{
    public const string Token = "0123456789abcdefghjkmnpqrs";
    public static readonly DateTimeOffset SentAt = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("0123456789abcdef0123456789abcdef");

    public static MessageSent Asked { get; } = new(
        Id, "abc123abc123", "demo", "alice", "Alice", new("test", "Test Patient", "9990000018", new(1980, 1, 1), "+447700900001", true),
        "How is your knee?", $"Dear Test,\n\nHow is your knee?\n\nReply: https://old.example/r/{Token}\nYou need internet.", Token, SentAt);

    public static MessageSent Told { get; } = Asked with { Token = null, Sms = "Dear Test,\n\nAll is well." };

    public static SmsAccepted Accepted { get; } = new(Guid.Empty, "sid", SentAt);

    public static ReplyUploaded Replied { get; } = new(Guid.NewGuid(), "Better", [], "", SentAt);

    public static Conversation Conversation(params object[] events)
    {
        var conversation = new Conversation();
        foreach (var @event in events)
            ((dynamic)conversation).Apply((dynamic)@event);
        return conversation;
    }
}
