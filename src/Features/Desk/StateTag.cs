namespace PatientResponse.Features.Desk;

/// <summary>How a conversation stands, in a word or two and a colour of the NHS tag.</summary>
public sealed record StateTag(string Text, string Colour)
{
    /// <summary>What matters most comes first: what was said of it, an answer, trouble on the way, then whether one can still come.</summary>
    public static StateTag Of(ConversationSummary row, DateTimeOffset now) => row switch
    {
        { Status: ConversationStatus.Undone } => new("Undone, not sent", "grey"),
        { IsDone: true } => new("Done", "grey"),
        { Status: ConversationStatus.Cancelled } => new("Cancelled", "grey"),
        { Status: ConversationStatus.Replied, IsAnswered: true } => new("Answered", "grey"),
        { IsAnswered: true } => new("Asked again", "grey"),
        { Status: ConversationStatus.Replied } => new("Replied", "blue"),
        { WantsNewLink: true } => new("New link asked for", "red"),
        { Delivery: Delivery.Failed } => new("Not delivered", "red"),
        { Delivery: Delivery.Unknown } => new("Cannot tell if it arrived", "orange"),
        { Status: ConversationStatus.Expired } => new("No answer", "orange"),
        // The event follows 15 minutes later; the link has stopped working already.
        { Status: ConversationStatus.Open or ConversationStatus.Locked } when now >= row.SentAt + Conversation.TimeToReply => new("No answer", "orange"),
        { Status: ConversationStatus.Locked } => new("Locked", "red"),
        { Delivery: Delivery.Queued or Delivery.Sending } => new("Being sent", "grey"),
        { Status: ConversationStatus.OneWay, Delivery: Delivery.Delivered } => new("Delivered, no reply asked", "grey"),
        { Status: ConversationStatus.OneWay } => new("Sent, no reply asked", "grey"),
        _ => new("Waiting for reply", "yellow"),
    };
}
