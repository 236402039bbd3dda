using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.MarkDone;

public sealed class MarkDoneModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var conversation = app.MapGroup("/conversations/{id}").RequireAuthorization();
        conversation.MapPost("/done", (string id, HttpContext context, IDocumentSession session, TimeProvider time) =>
            MarkAsync(id, new(IsDone: true), context, session, time));
        conversation.MapPost("/not-done", (string id, HttpContext context, IDocumentSession session, TimeProvider time) =>
            MarkAsync(id, new(IsDone: false), context, session, time));
    }

    private static Task<IResult> MarkAsync(string id, MarkDone command, HttpContext context, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
            if (stream is null)
                return Page.NotFound();
            var now = time.GetUtcNow();
            if ((MarkDoneHandler.Validate(command, stream.Aggregate, now) ?? MarkDoneHandler.Unseen(command, stream.Aggregate)) is { } refusal)
                return new Refused("conversation", refusal);
            stream.AppendMany(MarkDoneHandler.Handle(command, stream.Aggregate, now));
            await session.SaveChangesAsync(context.RequestAborted);
            return new SeeOther($"/conversations/{stream.Id:N}?done={(command.IsDone ? "done" : "not-done")}");
        });
}
