namespace PatientResponse.Features.Conversations;

/// <summary>How a conversation stands, in a word or two and a colour of the NHS tag.</summary>
public sealed record StateTag(string Text, string Colour)
{
    /// <summary>What matters most comes first: an answer, then why there will be none, then trouble on the way.</summary>
    public static StateTag Of(ConversationSummary row) => row switch
    {
        { Status: ConversationStatus.Replied, NeedsAttention: true } => new("Reply received – unread", "blue"),
        { Status: ConversationStatus.Replied } => new("Read", "green"),
        { Status: ConversationStatus.Cancelled } => new("Cancelled", "grey"),
        { Status: ConversationStatus.Expired } => new("Expired", "orange"),
        { Status: ConversationStatus.Locked } => new("Locked", "red"),
        { Delivery: Delivery.Failed } => new("Not delivered", "red"),
        { Delivery: Delivery.Unknown } => new("Cannot tell if it arrived", "orange"),
        { Delivery: Delivery.Queued or Delivery.Sending } => new("Being sent", "grey"),
        { Status: ConversationStatus.OneWay } => new("Sent, no reply asked", "grey"),
        _ => new("Waiting for reply", "yellow"),
    };
}
