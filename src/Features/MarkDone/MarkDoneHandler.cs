using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.MarkDone;

/// <param name="IsDone">False to take it back.</param>
public sealed record MarkDone(bool IsDone);

public static class MarkDoneHandler
{
    /// <summary>Why it cannot be marked as done; null when it can.</summary>
    public static string? Validate(MarkDone command, Conversation conversation, DateTimeOffset now) =>
        !command.IsDone || conversation.IsOverAt(now) ? null
        : conversation.AllowsResponse ? "The patient can still reply. Cancel the request first if you do not need an answer any more."
        : "The text message is still being sent. Wait until you can see what became of it.";

    public static Events Handle(MarkDone command, Conversation conversation, DateTimeOffset now) =>
        command.IsDone == conversation.IsDone ? []
        : command.IsDone ? [new ConversationDone(now)]
        : [new ConversationReopened(now)];
}
