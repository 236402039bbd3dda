using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

/// <summary>The earlier conversations that a message to the same patient deals with.</summary>
/// <param name="Followed">The one that it asks again after; null when there is none.</param>
/// <param name="Replies">The clinician's own with a reply that is not done.</param>
public sealed record Answered(IEventStream<Conversation>? Followed, IReadOnlyList<IEventStream<Conversation>> Replies)
{
    /// <summary>Who has more of them has not looked at this list for long.</summary>
    private const int Most = 50;

    /// <summary>Asked together with what else is needed to send.</summary>
    public static Func<Task<ReadableConversations>> Ask(
        IReading reading, IDocumentSession session, IDatabase database, string patient, Clinician clinician, CancellationToken cancellation) =>
        ReadableConversations.Ask(reading, session, database, new(
            $"""
            (select id from mt_doc_conversation_row where requester = @clinician and patient = @written and status = 'Replied' and done = 0 order by sent_at desc limit {Most})
            """, Question.Named(new { clinician = clinician.Id, written = patient })), cancellation);

    /// <summary>A reply that nobody has seen was not answered, and stays to be done.</summary>
    public static bool IsAnswer(Conversation earlier, string requester) => earlier.RequesterId == requester && earlier.ToDo == ToDo.Reply && !earlier.IsUnseen;

    /// <summary>Which ones a message of the requester's deals with.</summary>
    public IReadOnlyList<Guid> Ids(string requester) => [.. Streams(requester).Select(stream => stream.Id)];

    public void Append(Guid conversation, string requester, DateTimeOffset now)
    {
        foreach (var stream in Streams(requester))
            stream.AppendMany([new ConversationAnswered(conversation, AskedAgain: stream.Id == Followed?.Id, now)]);
    }

    private IEnumerable<IEventStream<Conversation>> Streams(string requester) =>
        [.. Followed is null ? [] : new[] { Followed }, .. Replies.Where(reply => reply.Id != Followed?.Id && IsAnswer(reply.Aggregate, requester))];
}
