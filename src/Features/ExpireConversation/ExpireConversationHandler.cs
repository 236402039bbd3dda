using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>Runs when the deadline, and the time for a reply that was on its way then, have passed.</summary>
public static class ExpireConversationHandler
{
    private static readonly TimeSpan TidyAgainAfter = TimeSpan.FromHours(2);

    /// <summary>How long it waits for the clocks to agree: an expired conversation never opens again.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(15);

    public static async Task HandleAsync(ExpireConversation message, IDocumentSession session, Clocks clocks, CancellationToken cancellation)
    {
        var clock = await clocks.CheckAsync(cancellation);
        await session.DecideAsync<Conversation>(message.ConversationId, conversation => Decide(message, conversation, clock.Now, clock.IsSound));
    }

    /// <param name="isSound">The clocks can be believed.</param>
    public static (Events, OutgoingMessages) Decide(ExpireConversation message, Conversation conversation, DateTimeOffset now, bool isSound = true)
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
        if (!isSound)
        {
            messages.Schedule(message, now + AskAgainAfter);
            return ([], messages);
        }
        var tidy = new TidyDrafts(conversation.Id);
        messages.Add(NotifyRequester.Once(conversation.Id, Notice.Expired));
        messages.Add(tidy);
        messages.Schedule(tidy, now + TidyAgainAfter);
        return ([new ConversationExpired(now)], messages);
    }
}
