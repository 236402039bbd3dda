using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>A conversation as lists show it, and the ways to find one. Stored with the events, in one transaction.</summary>
public sealed record ConversationSummary(
    Guid Id, string PatientName, string NhsNumber, bool IsTest, string Text, ConversationStatus Status, Delivery Delivery,
    bool NeedsAttention, DateTimeOffset SentAt, DateTimeOffset? RepliedAt, bool IsDone = false,
    bool WantsNewLink = false)
{
    /// <summary>Only its id is known: the rest is damaged.</summary>
    public bool IsUnreadable { get; init; }

    private const string Follows = "where r.follows = @follows and r.requester = @requester order by r.sent_at, r.id";

    /// <summary>My conversations: what needs attention first, then the newest. A line stands in the place of each that cannot be read.</summary>
    /// <param name="which">Narrows them; all, if null.</param>
    public static Task<IReadOnlyList<ConversationSummary>> MineAsync(
        IDocumentSession session, IDatabase database, string requester, int most, CancellationToken cancellation, RowFilter? which = null) =>
        ReadableAsync(session, database, requester, $"where r.requester = @requester{which?.Sql} order by r.attention desc, r.sent_at desc, r.id desc limit @most",
            new Dictionary<string, object>(which?.Parameters ?? []) { ["requester"] = requester, ["most"] = most }, cancellation);

    /// <summary>The requester's conversations that ask again after <paramref name="conversation"/>, the oldest first, as in <see cref="MineAsync"/>.</summary>
    public static Task<IReadOnlyList<ConversationSummary>> FollowingAsync(
        IDocumentSession session, IDatabase database, Guid conversation, string requester, CancellationToken cancellation) =>
        ReadableAsync(session, database, requester, Follows, new { follows = conversation, requester }, cancellation);

    /// <summary>The same, asked together with other things; it fails where one cannot be read.</summary>
    public static Answer<IReadOnlyList<ConversationSummary>> Following(IReading reading, Guid conversation, string requester) =>
        reading.Rows<ConversationRow, ConversationSummary>(Follows, new { follows = conversation, requester });

    private static Task<IReadOnlyList<ConversationSummary>> ReadableAsync(
        IDocumentSession session, IDatabase database, string requester, string where, object parameters, CancellationToken cancellation) =>
        session.ReadableRowsAsync<ConversationRow, ConversationSummary>(database, "mt_doc_conversation_row", where, parameters, row => row.Id, Unreadable,
            id => FromEventsAsync(session, id, requester, cancellation), cancellation);

    /// <summary>Null where it is not this requester's, or cannot be read.</summary>
    private static async Task<ConversationSummary?> FromEventsAsync(IDocumentSession session, Guid id, string requester, CancellationToken cancellation)
    {
        try
        {
            return (await session.Events.FetchForWriting<Conversation>(id, cancellation))?.Aggregate is { } conversation && conversation.RequesterId == requester ? Of(conversation) : null;
        }
        catch (DamagedException)
        {
            return null;
        }
    }

    private static ConversationSummary Unreadable(Guid id) =>
        new(id, "", "", false, "", ConversationStatus.Open, Delivery.Queued, false, default, null) { IsUnreadable = true };

    /// <summary>The conversation of a link, dead ones included.</summary>
    public static Sought OfLink(LinkToken token) => new("(select stream from mt_doc_link where id = @link)", Question.Named(new { link = token.Hash }));

    public static Sought OfRef(string reference) => new("(select id from mt_doc_conversation_row where ref = @reference)", Question.Named(new { reference }));

    /// <summary>Its practice, as its row has it.</summary>
    public static Sought PracticeOf(Sought conversation) => conversation with { Sql = $"(select practice from mt_doc_conversation_row where id = {conversation.Sql})" };

    /// <summary>Its requester, as its row has it.</summary>
    public static Sought RequesterOf(Sought conversation) => conversation with { Sql = $"(select requester from mt_doc_conversation_row where id = {conversation.Sql})" };

    /// <summary>Those that a conversation follows, one after the other.</summary>
    public static Sought Before(Guid conversation, int most) => new(
        """
        (with recursive earlier as (
            select follows as id, 1 as depth from mt_doc_conversation_row where id = @conversation
            union all select r.follows, depth + 1 from earlier join mt_doc_conversation_row r on r.id = earlier.id where depth < @most)
        select id from earlier where id is not null)
        """, Question.Named(new { conversation, most }));

    public static async Task<Guid?> FindByRefAsync(IDatabase database, string reference, CancellationToken cancellation)
    {
        var found = await database.QueryAsync<Guid>("select id from mt_doc_conversation_row where ref = @reference", new { reference }, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    internal static IEnumerable<ProjectedRow> Rows(Conversation conversation)
    {
        yield return new(ConversationRow.Of(conversation), Of(conversation));
        if (conversation.Token is not null && LinkToken.TryParse(conversation.Token, out var token))
            yield return new(new ConversationLink { Id = token.Hash, Stream = conversation.Id });
    }

    private static ConversationSummary Of(Conversation conversation) => new(
        conversation.Id, conversation.Patient.Name, conversation.Patient.NhsNumber, conversation.Patient.IsTest, conversation.Sent.Text,
        conversation.Status, conversation.Delivery, conversation.NeedsAttention, conversation.Sent.At, conversation.Reply?.At, conversation.IsDone,
        conversation.WantsNewLink);
}

/// <param name="Sql">More conditions on <c>r</c>, each after an <c>and</c>.</param>
public sealed record RowFilter(string Sql, Dictionary<string, object> Parameters);
