using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ViewReply;

/// <summary>All that a clinician has written to a patient, and the replies, the oldest first.</summary>
/// <param name="HasMore">There is more than a page shows.</param>
/// <param name="Unreadable">Those that are damaged.</param>
public sealed record PatientThread(IReadOnlyList<Conversation> Conversations, bool HasMore, IReadOnlyList<Guid> Unreadable)
{
    /// <summary>The latest; who looks for an older one finds it in the list.</summary>
    private const int Most = 30;

    /// <summary>What came before the last ones is folded.</summary>
    private const int MostUnfolded = 4;

    public static readonly PatientThread None = new([], false, []);

    /// <summary>Asked together with the conversation whose patient it is. The rows only say where to look.</summary>
    public static Func<IEventStream<Conversation>, Task<PatientThread>> Ask(
        IReading reading, IDocumentSession session, IDatabase database, Guid conversation, Clinician clinician, CancellationToken cancellation)
    {
        var others = ReadableConversations.Ask(reading, session, database, new(
            $"""
            (select id from mt_doc_conversation_row where requester = @requester and id <> @conversation
                and patient = (select patient from mt_doc_conversation_row where id = @conversation) order by sent_at desc limit {Most})
            """, Question.Named(new { requester = clinician.Id, conversation })), cancellation);
        return async opened =>
        {
            var (found, unreadable) = await others();
            return Of(opened.Aggregate, [.. found.Select(stream => stream.Aggregate)], found.Count + unreadable.Count == Most, unreadable);
        };
    }

    /// <summary>In order, without what is somebody else's or with another patient, and without what never left.</summary>
    public static PatientThread Of(Conversation opened, IReadOnlyList<Conversation> others, bool hasMore, IReadOnlyList<Guid> unreadable) => new(
        [.. others.Where(other => other.RequesterId == opened.RequesterId && other.Patient.PatientId == opened.Patient.PatientId && !other.IsUndone)
            .Append(opened).OrderBy(one => one.Sent.At).ThenBy(one => one.Id)], hasMore, unreadable);

    /// <summary>What is folded, and what is not: the one that is open never is, nor what came after it.</summary>
    public (IReadOnlyList<Conversation> Folded, IReadOnlyList<Conversation> Shown) Around(Conversation opened)
    {
        var at = Conversations.Index().First(one => one.Item.Id == opened.Id).Index;
        var first = Math.Min(at, Math.Max(0, Conversations.Count - MostUnfolded));
        return ([.. Conversations.Take(first)], [.. Conversations.Skip(first)]);
    }
}
