using System.Globalization;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Conversations;

/// <param name="Name">In the address: <c>?state=waiting</c>.</param>
/// <param name="Sql">The condition on a row; <c>@opened</c> is when a request that ends now was sent.</param>
public sealed record ListFilter(string Name, string Text, string Sql)
{
    private const string Waiting = "r.status in ('Open', 'Locked') and r.sent_at > @opened";
    private const string Trouble = "r.delivery in ('Failed', 'Unknown')";

    public static readonly ListFilter All = new("", "All", "");

    public static IReadOnlyList<ListFilter> Every { get; } =
    [
        All,
        new("attention", "Needs attention", " and r.attention = 1"),
        new("waiting", "Waiting", $" and {Waiting} and not {Trouble}"),
        new("replied", "Replied", " and r.status = 'Replied' and r.done = 0"),
        new("not-delivered", "Not delivered", $" and {Trouble} and r.done = 0 and (r.status = 'OneWay' or {Waiting})"),
        new("ended", "Ended", " and r.done = 0 and (r.status in ('Cancelled', 'Expired') or r.status in ('Open', 'Locked') and r.sent_at <= @opened)"),
        new("done", "Done", " and r.done = 1"),
    ];

    /// <summary>All, for a name that there is not.</summary>
    public static ListFilter Named(string? name) => Every.FirstOrDefault(filter => filter.Name == name) ?? All;

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

/// <summary>A place in the list: what needs attention first, then the newest.</summary>
/// <param name="SentAt">Milliseconds since 1970, UTC.</param>
public sealed record ListKey(long Attention, long SentAt, string Id)
{
    public static ListKey Of(ConversationSummary row) => new(row.NeedsAttention ? 1 : 0, Instant.To(row.SentAt), row.Id.ToString("N"));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Attention}-{SentAt}-{Id}");

    /// <summary>Null for anything that <see cref="ToString"/> did not write.</summary>
    public static ListKey? Parse(string? text) =>
        text?.Split('-') is [var attention, var sent, var id] && attention is "0" or "1"
            && long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && Ids.Parse(id) is not null
            ? new(attention == "1" ? 1 : 0, at, id) : null;
}
