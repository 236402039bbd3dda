using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>Runs when the deadline, and the time for a reply that was on its way then, have passed.</summary>
public static class ExpireConversationHandler
{
    private static readonly TimeSpan TidyAgainAfter = TimeSpan.FromHours(2);

    public static Task HandleAsync(ExpireConversation message, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<Conversation>(message.ConversationId, conversation => Decide(message, conversation, time.GetUtcNow()));

    public static (Events, OutgoingMessages) Decide(ExpireConversation message, Conversation conversation, DateTimeOffset now)
    {
        if (conversation.Status is not (ConversationStatus.Open or ConversationStatus.Locked))
            return ([], []);
        var due = conversation.Deadline + Conversation.TimeToUpload;
        var messages = new OutgoingMessages();
        if (now < due)
        {
            messages.Schedule(message, due); // A clock was set back.
            return ([], messages);
        }
        var tidy = new TidyDrafts(conversation.Id);
        messages.Add(NotifyRequester.Once(conversation.Id, Notice.Expired));
        messages.Add(tidy);
        messages.Schedule(tidy, now + TidyAgainAfter);
        return ([new ConversationExpired(now)], messages);
    }
}
