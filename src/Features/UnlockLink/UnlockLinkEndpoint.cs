using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.UnlockLink;

public sealed class UnlockLinkModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/conversations/{id}/unlock", UnlockAsync).RequireAuthorization();

    private static Task<IResult> UnlockAsync(string id, [FromForm] int? unlocks, HttpContext context, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
            if (stream is null)
                return Page.Colleagues();
            var (command, conversation, now) = (new UnlockLink(unlocks), stream.Aggregate, time.GetUtcNow());
            var done = new SeeOther($"/conversations/{stream.Id:N}?done=unlocked");
            if (UnlockLinkHandler.IsDone(command, conversation))
                return done;
            if (UnlockLinkHandler.Validate(conversation, now) is { } refusal)
                return new Refused("conversation", refusal);

            var (events, messages) = UnlockLinkHandler.Handle(now);
            stream.AppendMany(events);
            session.Publish(messages);
            await session.SaveChangesAsync(context.RequestAborted);
            return done;
        });
}
