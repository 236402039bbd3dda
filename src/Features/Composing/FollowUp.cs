using PatientResponse.Infrastructure.Files.Formats;

namespace PatientResponse.Features.Composing;

/// <summary>Asking once more, in a new conversation that carries the id of the earlier one.</summary>
public static class FollowUp
{
    /// <summary>Why there is nothing to ask again; null when there is.</summary>
    public static string? Obstacle(Conversation conversation, DateTimeOffset now) =>
        !conversation.AllowsResponse ? "This message did not ask for a reply. Write a new message to ask for one."
        : conversation.LinkAt(now) is LinkState.Used or LinkState.Expired or LinkState.Cancelled ? null
        : "The patient can still reply to this message. Send it again, or cancel the request first.";

    /// <summary>A text to begin with, for the requester to change.</summary>
    public static string Text(Conversation conversation) => conversation.Reply switch
    {
        null => conversation.Sent.Text,
        { Files: var files } when files.Any(file => file.Kind.IsImage()) =>
            "Thank you for your reply. The photo is not clear enough for us. Could you please send a clearer photo, in good light and from close by?",
        _ => "Thank you for your reply. Could you please tell us a little more, or send a photo?",
    };
}
