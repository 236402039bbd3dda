using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.Desk;

/// <param name="Name">In the address: <c>?state=waiting</c>.</param>
/// <param name="Sql">The condition on a row; <c>@opened</c> is when a request that ends now was sent.</param>
public sealed record ListFilter(string Name, string Text, string Sql)
{
    private const string Waiting = "r.status in ('Open', 'Locked') and r.sent_at > @opened";
    private const string Trouble = "r.delivery in ('Failed', 'Unknown')";
    private const string Unanswered = "r.done = 0 and r.attention = 0 and (r.status = 'Expired' or r.status in ('Open', 'Locked') and r.sent_at <= @opened)";

    public static readonly ListFilter All = new("", "All", "");

    /// <summary>Replies, and what keeps a patient from reading or answering.</summary>
    public static readonly ListFilter ToDo = new("attention", "To do", " and r.attention > 0");

    /// <summary>Nobody replied in time, and nobody has said yet what becomes of it.</summary>
    public static readonly ListFilter NoAnswer = new("no-answer", "No answer", $" and {Unanswered}");

    /// <summary>All that are not in a group of their own.</summary>
    public static readonly ListFilter AllButNoAnswer = new("", "All", $" and not ({Unanswered})");

    public static IReadOnlyList<ListFilter> Every { get; } =
    [
        All,
        ToDo,
        new("waiting", "Waiting", $" and {Waiting} and not {Trouble}"),
        new("replied", "Replied", " and r.status = 'Replied' and r.done = 0"),
        new("not-delivered", "Not delivered", $" and {Trouble} and r.attention > 0 and r.status <> 'Replied'"),
        NoAnswer,
        new("not-saved", "Unsaved", " and r.status = 'Replied' and coalesce((r.data ->> 'Saved')::bigint, 0) = 0"),
        new("ended", "Ended", " and r.done = 0 and (r.status in ('Cancelled', 'Expired', 'Undone') or r.status in ('Open', 'Locked') and r.sent_at <= @opened)"),
        new("done", "Done", " and r.done = 1"),
    ];

    /// <summary>All, for a name that there is not.</summary>
    public static ListFilter Named(string? name) => Every.FirstOrDefault(filter => filter.Name == name) ?? All;

    /// <summary>A query for how many of a clinician's there are.</summary>
    public RowFilter Count(string requester, DateTimeOffset now)
    {
        var rows = Rows(null, now);
        return new($"select count(*) from mt_doc_conversation_row r where r.requester = @requester{rows.Sql}", new(rows.Parameters) { ["requester"] = requester });
    }

    /// <param name="after">Only what comes after this place in the list.</param>
    public RowFilter Rows(ListKey? after, DateTimeOffset now)
    {
        var parameters = new Dictionary<string, object>();
        if (Sql.Contains("@opened", StringComparison.Ordinal))
            parameters["opened"] = Instant.To(now - Conversation.TimeToReply);
        if (after is null)
            return new(Sql, parameters);
        (parameters["attention"], parameters["sent"], parameters["id"]) = (after.Attention, after.SentAt, Guid.ParseExact(after.Id, "N"));
        return new(Sql + " and (r.attention, r.sent_at, r.id) < (@attention, @sent, @id)", parameters);
    }
}
