using Carter;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.Help;

/// <summary>Questions that staff ask, with their answers, to be searched.</summary>
public sealed class HelpModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/help", (string? q) => Page.Of(HelpPage.Create(HelpSearch.Find(q)))).RequireAuthorization();
}
