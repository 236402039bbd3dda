using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>The practice of a conversation, read together with it.</summary>
public static class PracticeOfConversation
{
    /// <summary>Found by the conversation's row, which only says where to look.</summary>
    public static Answer<Practice?> PracticeOf(this IReading reading, Sought conversation) =>
        reading.Load<Practice>(ConversationSummary.PracticeOf(conversation));

    /// <summary>What was found, or read by itself where the row is not right; null where it cannot be read.</summary>
    public static async Task<Practice?> PracticeAsync(this IDocumentSession session, Answer<Practice?> found, Conversation conversation) =>
        await found.OrElseAsync(() => Task.FromResult<Practice?>(null)) is { } practice && practice.Id == conversation.Sent.PracticeId
            ? practice : await session.LoadReadableAsync<Practice>(conversation.Sent.PracticeId);

    /// <summary>For somebody who has not given a date of birth: only where the practice lets its name be shown, and never for a message in
    /// neutral words.</summary>
    public static Practice? ShownTo(this Practice? practice, Conversation conversation) =>
        !conversation.Sent.Neutral && practice is { ShowNameBeforeDateOfBirth: true } ? practice : null;
}

/// <summary>What a link leads to.</summary>
/// <param name="Shown">The practice, where its name may be shown.</param>
public sealed record LinkedConversation(LinkToken Link, IEventStream<Conversation> Stream, Practice? Shown)
{
    /// <summary>Null when there is none, or it was erased. One round trip.</summary>
    public static async Task<LinkedConversation?> FindAsync(LinkToken link, IDocumentSession session, CancellationToken cancellation, Action<IReading, Sought>? first = null)
    {
        var (reading, conversation) = (session.Read(), ConversationSummary.OfLink(link));
        first?.Invoke(reading, conversation);
        var (stream, practice) = (reading.FetchForWriting<Conversation>(conversation), reading.PracticeOf(conversation));
        await reading.AskAsync(cancellation);
        return stream.Value is { } found ? new(link, found, (await session.PracticeAsync(practice, found.Aggregate)).ShownTo(found.Aggregate)) : null;
    }
}
