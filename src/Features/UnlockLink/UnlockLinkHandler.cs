using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.UnlockLink;

/// <param name="Unlocks">How often the link had been unlocked when the page with the button was made; null when not known.</param>
public sealed record UnlockLink(int? Unlocks);

public static class UnlockLinkHandler
{
    /// <summary>This very button was pressed before: a second click must not spend the second unlock.</summary>
    public static bool IsDone(UnlockLink command, Conversation conversation) => command.Unlocks < conversation.Unlocks;

    /// <summary>Why the link cannot be unlocked; null when it can.</summary>
    public static string? Validate(Conversation conversation, DateTimeOffset now) => conversation.LinkAt(now) switch
    {
        LinkState.Locked when conversation.Unlocks < Conversation.MaxUnlocks => null,
        LinkState.Locked => $"This link has been unlocked {Conversation.MaxUnlocks} times, which is the most. Check the date of birth on the record, cancel this request and send a new message.",
        LinkState.Expired => "The time to reply has ended, so the link cannot be unlocked. Send a new message if you still need an answer.",
        _ => "The link is not locked.",
    };

    /// <summary>Five more tries; the deadline stays.</summary>
    public static (Events, OutgoingMessages) Handle(DateTimeOffset now) => ([new LinkUnlocked(now)], []);
}
