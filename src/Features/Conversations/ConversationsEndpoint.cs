using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.Conversations;

public sealed class ConversationsModule : ICarterModule
{
    private const int PageSize = 100;

    /// <summary>Names are encrypted: a search opens so many rows at most, and the next page goes on from there.</summary>
    private const int MostSearched = 2_000;

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/conversations", ListAsync).RequireAuthorization();

    private static async Task<IResult> ListAsync(
        string? state, string? q, string? after, HttpContext context, IDocumentSession session, Attention attention, TimeProvider time)
    {
        var (requester, cancellation, now) = (context.Clinician().Id, context.RequestAborted, time.GetUtcNow());
        var (filter, from) = (ListFilter.Named(state), ListKey.Parse(after));
        var query = PatientQuery.Parse(q, null);
        var isSearch = query is PatientQuery.ByName or PatientQuery.ByNhsNumber;

        IReadOnlyList<ConversationSummary> read = query is PatientQuery.Mistaken ? []
            : await ConversationSummary.MineAsync(session, requester, (isSearch ? MostSearched : PageSize) + 1, cancellation, filter.Rows(from, now));
        var rows = read.Where(row => PatientMatch.Of(row, query)).Take(PageSize + 1).ToList();
        var next = rows.Count > PageSize ? rows[PageSize - 1]
            : isSearch && read.Count > MostSearched ? read[^1]
            : null;

        var list = new ConversationList(
            [.. rows.Take(PageSize)], filter, PlainText.Clean(q), from is not null, next is null ? null : ListKey.Of(next),
            await attention.CountAsync(requester, cancellation), now, (query as PatientQuery.Mistaken)?.Message);
        return Page.Of<ConversationsPage, ConversationRows>(
            context.Request, list, list.Mistake is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <param name="IsContinued">Not the first page.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="Attention">How many of all conversations need attention.</param>
/// <param name="Mistake">What is wrong with what was searched for.</param>
public sealed record ConversationList(
    IReadOnlyList<ConversationSummary> Rows, ListFilter Filter, string Q, bool IsContinued, ListKey? Next, long Attention, DateTimeOffset Now, string? Mistake)
{
    public bool IsNarrowed => Filter != ListFilter.All || Q != "" || IsContinued;

    /// <summary>The same list, or the same search in another filter.</summary>
    public string Address(ListFilter filter, ListKey? after = null)
    {
        string[] parts =
        [
            .. filter == ListFilter.All ? (string[])[] : [$"state={filter.Name}"],
            .. Q == "" ? (string[])[] : [$"q={Uri.EscapeDataString(Q)}"],
            .. after is null ? (string[])[] : [$"after={after}"],
        ];
        return parts.Length == 0 ? "/conversations" : "/conversations?" + string.Join('&', parts);
    }
}
