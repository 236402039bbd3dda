using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.ViewReply;

public sealed class ViewReplyModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/conversations/{id}", ShowAsync).RequireAuthorization().WithName("conversation");

    private static Task<IResult> ShowAsync(string id, HttpContext context, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var clinician = context.Clinician();
            var stream = await session.FetchMineAsync(id, clinician, context.RequestAborted);
            if (stream is null)
                return Page.NotFound();
            var now = time.GetUtcNow();
            stream.AppendMany(ViewReplyHandler.Handle(stream.Aggregate, now));
            session.Audit(clinician.Id, "viewed", stream.Id.ToString("N"));
            await session.SaveChangesAsync(context.RequestAborted);

            var refusal = Refused.ReasonIn(context);
            return Page.Of<ConversationPage>(
                new ConversationView(stream.Aggregate, stream.History, now, context.Request.Query["done"], refusal),
                refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        });
}

public static class ViewReplyHandler
{
    /// <summary>The first look at something new is on record; later looks are in the audit record only.</summary>
    public static Events Handle(Conversation conversation, DateTimeOffset now) =>
        conversation.NeedsAttention ? [new ConversationOpened(now)] : [];
}
