using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.CancelRequest;

public sealed class CancelRequestModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/conversations/{id}/cancel", CancelAsync).RequireAuthorization();

    private static Task<IResult> CancelAsync(string id, HttpContext context, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
            if (stream is null)
                return Page.Colleagues();
            var (conversation, now) = (stream.Aggregate, time.GetUtcNow());
            var done = new SeeOther($"/conversations/{stream.Id:N}?done=cancelled");
            if (conversation.Status == ConversationStatus.Cancelled)
                return done; // The second click of a double click.
            if (CancelRequestHandler.Validate(conversation, now) is { } refusal)
                return new Refused("conversation", refusal);

            var (events, messages) = CancelRequestHandler.Handle(conversation, now);
            stream.AppendMany(events);
            session.Publish(messages);
            await session.SaveChangesAsync(context.RequestAborted);
            return done;
        });
}
