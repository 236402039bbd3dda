namespace PatientResponse.Features.Conversations;

/// <summary>How a conversation stands, in a word or two and a colour of the NHS tag.</summary>
public sealed record StateTag(string Text, string Colour)
{
    /// <summary>What matters most comes first: an answer, then why there will be none, then trouble on the way.</summary>
    public static StateTag Of(ConversationSummary row, DateTimeOffset now) => row switch
    {
        { IsDone: true } => new("Done", "grey"),
        { Status: ConversationStatus.Replied, NeedsAttention: true } => new("Reply received – unread", "blue"),
        { Status: ConversationStatus.Replied } => new("Read", "green"),
        { Status: ConversationStatus.Cancelled } => new("Cancelled", "grey"),
        { WantsNewLink: true } => new("New link asked for", "red"),
        { Status: ConversationStatus.Expired } => new("Expired", "orange"),
        // The event follows 15 minutes later; the link has stopped working already.
        { Status: ConversationStatus.Open or ConversationStatus.Locked } when now >= row.SentAt + Conversation.TimeToReply => new("Expired", "orange"),
        { Status: ConversationStatus.Locked } => new("Locked", "red"),
        { Delivery: Delivery.Failed } => new("Not delivered", "red"),
        { Delivery: Delivery.Unknown } => new("Cannot tell if it arrived", "orange"),
        { Delivery: Delivery.Queued or Delivery.Sending } => new("Being sent", "grey"),
        { Status: ConversationStatus.OneWay, Delivery: Delivery.Delivered } => new("Delivered, no reply asked", "grey"),
        { Status: ConversationStatus.OneWay } => new("Sent, no reply asked", "grey"),
        _ => new("Waiting for reply", "yellow"),
    };
}
