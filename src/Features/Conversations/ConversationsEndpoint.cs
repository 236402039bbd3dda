using Carter;
using Htmx;
using PatientResponse.Features.Desk;
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
        return new SeeOther(DeskList.Address(ListFilter.Named(form.Text("state")), kept is null ? null : $"search={kept.Id}"));
    }

    private static async Task<IResult> ListAsync(
        string? state, string? q, string? search, string? after, string? done, HttpContext context, IDocumentSession session, IDatabase database, Attention attention, TimeProvider time)
    {
        var (requester, cancellation, now) = (context.Clinician().Id, context.RequestAborted, time.GetUtcNow());
        var (filter, from) = (ListFilter.Named(state), ListKey.Parse(after));
        DeskList list;
        if (filter == ListFilter.All && string.IsNullOrWhiteSpace(q) && search is null)
        {
            var reading = session.Read();
            var groups = DeskGroups.Ask(reading, session, database, requester, PageSize, from, now);
            await reading.AskAsync(cancellation);
            list = DeskList.Of(await groups(cancellation), PageSize, from, await attention.CountAsync(requester, cancellation), now);
        }
        else
            list = (await NarrowedAsync(filter, q, search, from, context, session, database, now)) with { Attention = await attention.CountAsync(requester, cancellation) };
        return Page.Of(
            context.Request.IsHtmx() ? ConversationRows.Create(list) : ConversationsPage.Create(new ConversationsView(list, done)),
            list.Mistake is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>One filter, or what was searched for.</summary>
    private static async Task<DeskList> NarrowedAsync(
        ListFilter filter, string? q, string? search, ListKey? from, HttpContext context, IDocumentSession session, IDatabase database, DateTimeOffset now)
    {
        var (requester, cancellation) = (context.Clinician().Id, context.RequestAborted);
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
        return new(
            [.. rows.Take(PageSize)], filter, PlainText.Clean(q), kept?.Id, from, next is null ? null : ListKey.Of(next), 0, now, (query as PatientQuery.Mistaken)?.Message);
    }

    /// <summary>A conversation's row is not searched by when the patient was born.</summary>
    private static PatientQuery OfConversations(PatientQuery query) => query is PatientQuery.ByBirth or PatientQuery.ByName { Dob: not null }
        ? new PatientQuery.Mistaken("Leave out the date of birth: conversations are found by NHS number or name", InDob: false)
        : query;
}

/// <param name="Done">What was just done, as a word of ours; other words mean nothing.</param>
public sealed record ConversationsView(DeskList List, string? Done)
{
    public string? DoneText => Done switch
    {
        "done" => "Marked as done.",
        "all" => "All requests without an answer are marked as done.",
        "last" => "Marked as done. There is nothing more to do.",
        _ => null,
    };
}
