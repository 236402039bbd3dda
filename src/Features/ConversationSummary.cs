using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>A conversation as lists show it, and the ways to find one. Stored with the events, in one transaction.</summary>
public sealed record ConversationSummary(
    Guid Id, string PatientName, string NhsNumber, bool IsTest, string Text, ConversationStatus Status, Delivery Delivery,
    bool IsUnseen, DateTimeOffset SentAt, DateTimeOffset? RepliedAt, bool IsDone = false,
    bool WantsNewLink = false)
{
    private const int LongestExcerpt = 200;

    /// <summary>Only its id is known: the rest is damaged.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Null in a row of an earlier version that was not written anew yet; so is <see cref="HappenedAt"/>.</summary>
    public DateOnly? DateOfBirth { get; init; }
    public DateTimeOffset? HappenedAt { get; init; }

    /// <summary>As in <see cref="ConversationRow"/>.</summary>
    public long Attention { get; init; }
    public bool IsAnswered { get; init; }
    public SmsFailure? Failure { get; init; }

    /// <summary>It goes to another number than the patient's own.</summary>
    public bool IsToAnother { get; init; }

    /// <summary>It is in the patient's record.</summary>
    public bool IsSavedToRecord { get; init; }

    /// <summary>The first words of the reply, in one line.</summary>
    public string ReplyText { get; init; } = "";

    /// <summary>How many files came with the reply.</summary>
    public int Files { get; init; }

    /// <summary>White space folded, and no longer than a line of a list shows.</summary>
    public static string Excerpt(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestExcerpt ? line : string.Concat(line.EnumerateRunes().Take(LongestExcerpt)) + "…";
    }

    private const string NewestFirst = "order by r.attention desc, r.sent_at desc, r.id desc limit @most";

    /// <summary>My conversations: what is to be done first, then the newest. A line stands in the place of each that cannot be read.</summary>
    /// <param name="which">Narrows them; all, if null.</param>
    public static Task<IReadOnlyList<ConversationSummary>> MineAsync(
        IDocumentSession session, IDatabase database, string requester, int most, CancellationToken cancellation, RowFilter? which = null) =>
        ReadableAsync(session, database, requester, MineSql(which), MineParameters(requester, most, which), cancellation);

    /// <summary>The same, asked together with other things; it fails where one cannot be read.</summary>
    public static Answer<IReadOnlyList<ConversationSummary>> Mine(IReading reading, string requester, int most, RowFilter? which = null) =>
        reading.Rows<ConversationRow, ConversationSummary>(MineSql(which), MineParameters(requester, most, which));

    private static string MineSql(RowFilter? which) => $"where r.requester = @requester{which?.Sql} {NewestFirst}";

    private static Dictionary<string, object> MineParameters(string requester, int most, RowFilter? which) =>
        new(which?.Parameters ?? []) { ["requester"] = requester, ["most"] = most };

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

    public static async Task<Guid?> FindByRefAsync(IDatabase database, string reference, CancellationToken cancellation)
    {
        var found = await database.QueryAsync<Guid>("select id from mt_doc_conversation_row where ref = @reference", new { reference }, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>As its row has it.</summary>
    public static ConversationSummary Of(Conversation conversation) => new(
        conversation.Id, conversation.Patient.Name, conversation.Patient.NhsNumber, conversation.Patient.IsTest, conversation.Sent.Text,
        conversation.Status, conversation.Delivery, conversation.IsUnseen, conversation.Sent.At, conversation.Reply?.At, conversation.IsDone,
        conversation.WantsNewLink)
    {
        DateOfBirth = conversation.Patient.DateOfBirth,
        HappenedAt = conversation.HappenedAt,
        Attention = ConversationRow.AttentionOf(conversation),
        IsAnswered = conversation.IsAnswered,
        Failure = conversation.DeliveryFailure,
        IsToAnother = conversation.IsToAnother,
        IsSavedToRecord = conversation.IsSavedToRecord,
        ReplyText = Excerpt(conversation.Reply?.Text ?? ""),
        Files = conversation.Reply?.Files.Count ?? 0,
    };

    internal static IEnumerable<ProjectedRow> Rows(Conversation conversation)
    {
        yield return new(ConversationRow.Of(conversation), Of(conversation));
        if (conversation.Token is not null && LinkToken.TryParse(conversation.Token, out var token))
            yield return new(new ConversationLink { Id = token.Hash, Stream = conversation.Id });
    }
}

/// <param name="Sql">More conditions on <c>r</c>, each after an <c>and</c>.</param>
public sealed record RowFilter(string Sql, Dictionary<string, object> Parameters);
