using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.MarkDone;

/// <param name="IsDone">False to take it back.</param>
public sealed record MarkDone(bool IsDone);

public static class MarkDoneHandler
{
    /// <summary>Why it cannot be marked as done; null when it can.</summary>
    public static string? Validate(MarkDone command, Conversation conversation, DateTimeOffset now) =>
        !command.IsDone || conversation.IsOverAt(now) || conversation.ToDo != ToDo.Nothing ? null
        : conversation.AllowsResponse ? "The patient can still reply. Cancel the request first if you do not need an answer any more."
        : "The text message is still being sent. Wait until you can see what became of it.";

    /// <summary>Why it is not marked as done yet: an answer or a failure came after the page with the button. Null when there was none.
    /// That the time to reply ended is no news: such a page had said so.</summary>
    public static string? Unseen(MarkDone command, Conversation conversation) =>
        command.IsDone && conversation is { IsUnseen: true, Status: not ConversationStatus.Expired }
            ? "Something new has come in since you opened this page. Look at it first, then mark it as done." : null;

    public static Events Handle(MarkDone command, Conversation conversation, DateTimeOffset now) =>
        command.IsDone == conversation.IsDone ? []
        : command.IsDone ? [new ConversationDone(now)]
        : [new ConversationReopened(now)];
}
