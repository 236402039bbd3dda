using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.AskAgain;

/// <summary>One click leads from a list to the compose page, for a message that asks again; nothing is sent before Send is pressed there.</summary>
public sealed class AskAgainModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/conversations/{id}/ask-again", AskAsync).RequireAuthorization();

    private static async Task<IResult> AskAsync(string id, HttpContext context, IDocumentSession session) =>
        await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted) is { } stream
            ? new SeeOther(stream.Aggregate.IsUndone ? stream.Aggregate.AddressToWriteAgain : $"/patients/{stream.Aggregate.Patient.PatientId}/message?follows={stream.Id:N}")
            : Page.Colleagues();
}
