using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Desk;

/// <summary>What happened in a conversation, in one line of a list.</summary>
public static class RowText
{
    /// <summary>The first words of the reply, or what went wrong and what to do, or else the message.</summary>
    public static string Of(ConversationSummary row) => row switch
    {
        { Status: ConversationStatus.Replied } => Reply(row),
        { IsDone: true } or { IsAnswered: true } or { Status: ConversationStatus.Cancelled or ConversationStatus.Undone } => Message(row),
        { WantsNewLink: true, Status: ConversationStatus.Locked } => "Somebody asked for a new link. Check with the patient, then unlock it or ask again.",
        { WantsNewLink: true } => "Somebody asked for a new link. Ask again if you still need an answer.",
        { Delivery: Delivery.Failed } => $"{DeliveryWords.Reason(row.Failure)} {DeliveryWords.NextStep(row.Failure)}",
        { Delivery: Delivery.Unknown } => "Check with the patient whether it arrived, before you send it again.",
        { Status: ConversationStatus.Locked } => $"{Conversation.DateOfBirthTries} wrong dates of birth. Check with the patient, then unlock the link.",
        _ => Message(row),
    };

    /// <summary>When that was. A row of an earlier version knows only of the message and the reply.</summary>
    public static DateTimeOffset At(ConversationSummary row) => row.HappenedAt ?? row.RepliedAt ?? row.SentAt;

    private static string Reply(ConversationSummary row) => (row.ReplyText, row.Files) switch
    {
        ("", 0) => Message(row),
        ("", 1) => "Sent 1 file.",
        ("", var files) => $"Sent {files} files.",
        (var text, 0) => text,
        (var text, 1) => $"{text} (1 file)",
        var (text, files) => $"{text} ({files} files)",
    };

    private static string Message(ConversationSummary row) => ConversationSummary.Excerpt(row.Text);
}
