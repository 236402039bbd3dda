using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.MarkDone;

public sealed class MarkDoneModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var conversation = app.MapGroup("/conversations/{id}").RequireAuthorization();
        conversation.MapPost("/done", (string id, [FromForm] bool? next, HttpContext context, IDocumentSession session, TimeProvider time) =>
            MarkAsync(id, new(IsDone: true), next == true, context, session, time));
        conversation.MapPost("/not-done", (string id, HttpContext context, IDocumentSession session, TimeProvider time) =>
            MarkAsync(id, new(IsDone: false), goesOn: false, context, session, time));
    }

    /// <param name="goesOn">Leads to what is to be done next.</param>
    private static Task<IResult> MarkAsync(string id, MarkDone command, bool goesOn, HttpContext context, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var clinician = context.Clinician();
            Answer<IReadOnlyList<Guid>>? next = null;
            var stream = await session.FetchMineAsync(id, clinician, context.RequestAborted, (reading, conversation) =>
                next = goesOn ? NextToDo.Ask(reading, clinician.Id, conversation) : null);
            if (stream is null)
                return Page.Colleagues();
            var now = time.GetUtcNow();
            if ((MarkDoneHandler.Validate(command, stream.Aggregate, now) ?? MarkDoneHandler.Unseen(command, stream.Aggregate)) is { } refusal)
                return new Refused("conversation", refusal);
            stream.AppendMany(MarkDoneHandler.Handle(command, stream.Aggregate, now));
            await session.SaveChangesAsync(context.RequestAborted);
            return new SeeOther(next?.Value switch
            {
                null => $"/conversations/{stream.Id:N}?done={(command.IsDone ? "done" : "not-done")}",
                [var following, ..] => $"/conversations/{following:N}?done=next#opened",
                _ => "/conversations?done=last",
            });
        });
}
