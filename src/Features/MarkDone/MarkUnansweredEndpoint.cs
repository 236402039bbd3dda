using Carter;
using PatientResponse.Features.Desk;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.MarkDone;

/// <summary>"Done" beside requests that nobody answered: for one of them, or for all that the page knew of.</summary>
public sealed class MarkUnansweredModule : ICarterModule
{
    /// <summary>In one save; who has more presses once more.</summary>
    private const int MostAtOnce = 500;

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/conversations/no-answer", MarkAsync).RequireAuthorization();

    private static async Task<IResult> MarkAsync(HttpContext context, IDocumentSession session, IDatabase database, TimeProvider time)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (clinician, cancellation, all) = (context.Clinician(), context.RequestAborted, form.Line("all") == "true");
        // A request that ended after the page was made was not on it.
        var until = long.TryParse(form.Line("ended"), out var ended) ? Instant.From(Math.Clamp(ended, 0, Instant.To(time.GetUtcNow()))) : time.GetUtcNow();
        return await session.DecideAsync<IResult>(async () =>
        {
            var reading = session.Read();
            var streams = ReadableConversations.Ask(reading, session, database, all ? Unanswered(clinician.Id, until) : One(Ids.Parse(form.Line("id"))), cancellation);
            await reading.AskAsync(cancellation);
            var mine = (await streams()).Found.Where(stream => stream.Aggregate.RequesterId == clinician.Id).ToList();
            if (!all && mine.Count == 0)
            {
                await session.MineOrRefusedAsync(form.Line("id"), null, clinician, cancellation);
                return Page.Colleagues();
            }
            foreach (var stream in mine.Where(stream => stream.Aggregate.HasNoAnswerAt(until)))
                stream.AppendMany([new ConversationDone(time.GetUtcNow())]);
            await session.SaveChangesAsync(cancellation);
            return new SeeOther($"/conversations?done={(all ? "all" : "done")}");
        });
    }

    private static Sought One(Guid? id) => new("(select cast(@conversation as uuid))", Question.Named(new { conversation = id ?? Guid.Empty }));

    private static Sought Unanswered(string requester, DateTimeOffset until)
    {
        var rows = ListFilter.NoAnswer.Rows(null, until);
        return new(
            $"(select r.id from mt_doc_conversation_row r where r.requester = @requester{rows.Sql} order by r.sent_at limit {MostAtOnce})",
            new Dictionary<string, object>(rows.Parameters) { ["requester"] = requester });
    }
}
