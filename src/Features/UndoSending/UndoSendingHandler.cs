using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.UndoSending;

/// <param name="Sms">Which sending the page with the button was about, counted from 1; null when not known.</param>
public sealed record UndoSending(int? Sms);

public static class UndoSendingHandler
{
    /// <summary>This very button was pressed before.</summary>
    public static bool IsDone(UndoSending command, Conversation conversation) =>
        conversation.UndoneSms > 0 && conversation.UndoneSms == (command.Sms ?? conversation.SmsCount);

    /// <summary>Why it is too late, and what to do instead; null when it is not.</summary>
    public static FieldError? Validate(UndoSending command, Conversation conversation, DateTimeOffset now) => conversation switch
    {
        { CanBeUndone: true } when command.Sms is { } sms && sms != conversation.SmsCount => new("", "This message was sent again since you opened this page. Look at it first."),
        { CanBeUndone: true } => null,
        { Status: ConversationStatus.Undone } => new("", "This message was undone already. It was not sent."),
        { Status: ConversationStatus.Replied } => new("", "Too late to undo: the text message has left, and the patient has replied."),
        { Status: ConversationStatus.Cancelled, Delivery: Delivery.Queued } => new("", "The request is cancelled, and the text message had not left. It will not be sent."),
        { Delivery: Delivery.Failed } => new("", "There is nothing to undo: the text message could not be delivered."),
        { Delivery: Delivery.Unknown } => TooLate("the text message may have left", conversation, now),
        { Delivery: Delivery.Sending } => TooLate("the text message is leaving now", conversation, now),
        _ => TooLate("the text message has left", conversation, now),
    };

    public static Events Handle(DateTimeOffset now) => [new SendingUndone(now)];

    private static FieldError TooLate(string why, Conversation conversation, DateTimeOffset now) =>
        !conversation.AllowsResponse ? new("", $"Too late to undo: {why}. If it was wrong, phone the patient, or send another message that puts it right.")
        : conversation.LinkAt(now) is LinkState.Open or LinkState.Locked ? new(CancelButton, $"Too late to undo: {why}. You can cancel the request: its link then stops working at once.")
        : new("", $"Too late to undo: {why}.");

    /// <summary>The id of what helps instead.</summary>
    private const string CancelButton = "cancel";
}
