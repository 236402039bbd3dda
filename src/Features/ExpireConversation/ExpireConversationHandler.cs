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
        Conversation? ended = null;
        await session.DecideAsync<Conversation>(message.ConversationId, conversation =>
        {
            var decision = Decide(message, conversation, clock.Now, clock.IsSound);
            ended = decision.Item1.Count > 0 ? conversation : null;
            return decision;
        });
        if (ended?.HasNoAnswerAt(clock.Now) == true)
            await UnansweredEmail.PlanAsync(session, ended.RequesterId, clock.Now, cancellation);
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
        messages.Add(tidy);
        messages.Schedule(tidy, now + TidyAgainAfter);
        return ([new ConversationExpired(now)], messages);
    }
}
