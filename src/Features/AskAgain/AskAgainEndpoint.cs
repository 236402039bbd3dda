using Carter;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.AskAgain;

/// <summary>One click leads to the compose page with a text to begin with; nothing is sent before Send is pressed there.</summary>
public sealed class AskAgainModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/conversations/{id}/ask-again", AskAsync).RequireAuthorization();

    private static async Task<IResult> AskAsync(string id, HttpContext context, IDocumentSession session, TimeProvider time)
    {
        var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
        if (stream is null)
            return Page.NotFound();
        return FollowUp.Obstacle(stream.Aggregate, time.GetUtcNow()) is { } obstacle
            ? new Refused("conversation", obstacle)
            : new SeeOther($"/patients/{stream.Aggregate.Patient.PatientId}/message?follows={stream.Id:N}");
    }
}
