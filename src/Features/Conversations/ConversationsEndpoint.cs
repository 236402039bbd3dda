using Carter;
using Htmx;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Layouts;

namespace PatientResponse.Features.Conversations;

public sealed class ConversationsModule : ICarterModule
{
    private const int PageSize = 100;

    /// <summary>Names are encrypted: a search opens so many rows at most, and the next page goes on from there.</summary>
    private const int MostSearched = 2_000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var conversations = app.MapGroup("/conversations").RequireAuthorization();
        conversations.MapGet("", ListAsync);
        conversations.MapPost("", SearchAsync);
    }

    /// <summary>What was typed is not put into an address: those stay in the browser's history.</summary>
    private static async Task<IResult> SearchAsync(HttpRequest request, IDocumentSession session, TimeProvider time)
    {
        var form = await request.FormOrEmptyAsync();
        var q = PlainText.Clean(form.Text("q"));
        var kept = q == "" ? null : KeptSearch.Begin(session, request.HttpContext, q, "", time.GetUtcNow());
        await session.SaveChangesAsync(request.HttpContext.RequestAborted);
        return new SeeOther(ConversationList.Address(ListFilter.Named(form.Text("state")), kept is null ? null : $"search={kept.Id}"));
    }

    private static async Task<IResult> ListAsync(
        string? state, string? q, string? search, string? after, HttpContext context, IDocumentSession session, IDatabase database, Attention attention, TimeProvider time)
    {
        var (requester, cancellation, now) = (context.Clinician().Id, context.RequestAborted, time.GetUtcNow());
        var (filter, from) = (ListFilter.Named(state), ListKey.Parse(after));
        var kept = await KeptSearch.FindAsync(session, context, search, now);
        q = kept?.Q ?? q;
        var query = search is not null && kept is null ? new PatientQuery.Mistaken("This search is no longer kept. Search again.", InDob: false)
            : OfConversations(PatientQuery.Parse(q, null));
        var isSearch = query is PatientQuery.ByName or PatientQuery.ByNhsNumber;

        IReadOnlyList<ConversationSummary> read = query is PatientQuery.Mistaken ? []
            : await ConversationSummary.MineAsync(session, database, requester, (isSearch ? MostSearched : PageSize) + 1, cancellation, filter.Rows(from, now));
        var rows = read.Where(row => PatientMatch.Of(row, query)).Take(PageSize + 1).ToList();
        // The next page begins after one that says where it stands.
        var next = rows.Count > PageSize ? rows.Take(PageSize).LastOrDefault(row => !row.IsUnreadable)
            : isSearch && read.Count > MostSearched ? read.LastOrDefault(row => !row.IsUnreadable)
            : null;

        var list = new ConversationList(
            [.. rows.Take(PageSize)], filter, PlainText.Clean(q), kept?.Id, from is not null, next is null ? null : ListKey.Of(next),
            await attention.CountAsync(requester, cancellation), now, (query as PatientQuery.Mistaken)?.Message);
        return Page.Of(
            context.Request.IsHtmx() ? ConversationRows.Create(list) : ConversationsPage.Create(list),
            list.Mistake is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>A conversation's row does not know when the patient was born.</summary>
    private static PatientQuery OfConversations(PatientQuery query) => query is PatientQuery.ByBirth or PatientQuery.ByName { Dob: not null }
        ? new PatientQuery.Mistaken("Leave out the date of birth: conversations are found by NHS number or name", InDob: false)
        : query;
}

/// <param name="Search">Where the search is kept; null when there is none.</param>
/// <param name="IsContinued">Not the first page.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="Attention">How many of all conversations need attention.</param>
/// <param name="Mistake">What is wrong with what was searched for.</param>
public sealed record ConversationList(
    IReadOnlyList<ConversationSummary> Rows, ListFilter Filter, string Q, string? Search, bool IsContinued, ListKey? Next, long Attention, DateTimeOffset Now, string? Mistake)
{
    public bool IsNarrowed => Filter != ListFilter.All || Q != "" || IsContinued;

    /// <summary>The same list, or the same search in another filter.</summary>
    public string Address(ListFilter filter, ListKey? after = null) =>
        Address(filter, Search is not null ? $"search={Search}" : Q != "" ? $"q={Uri.EscapeDataString(Q)}" : null, after);

    public static string Address(ListFilter filter, string? search, ListKey? after = null)
    {
        string[] parts =
        [
            .. filter == ListFilter.All ? (string[])[] : [$"state={filter.Name}"],
            .. search is null ? (string[])[] : [search],
            .. after is null ? (string[])[] : [$"after={after}"],
        ];
        return parts.Length == 0 ? "/conversations" : "/conversations?" + string.Join('&', parts);
    }
}
