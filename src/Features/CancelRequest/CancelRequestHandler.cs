using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.CancelRequest;

public static class CancelRequestHandler
{
    /// <summary>Long enough for a reply that is being uploaded now to be refused, and to leave nothing behind.</summary>
    public static readonly TimeSpan TidyAgainAfter = TimeSpan.FromHours(2);

    /// <summary>Why there is nothing to cancel; null when there is.</summary>
    public static string? Validate(Conversation conversation, DateTimeOffset now) =>
        !conversation.AllowsResponse ? "This message did not ask for a reply, so there is no request to cancel."
        : conversation.LinkAt(now) switch
        {
            LinkState.Used => "The patient has replied already, so the request cannot be cancelled.",
            LinkState.Cancelled => "The request is cancelled already.",
            LinkState.Expired => "The time to reply has ended, so there is no request to cancel.",
            _ => null,
        };

    public static (Events, OutgoingMessages) Handle(Conversation conversation, DateTimeOffset now)
    {
        var tidy = new TidyDrafts(conversation.Id);
        var messages = new OutgoingMessages { tidy };
        messages.Schedule(tidy, now + TidyAgainAfter);
        return ([new ConversationCancelled(now)], messages);
    }
}
