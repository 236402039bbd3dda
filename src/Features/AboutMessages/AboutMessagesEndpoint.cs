using Carter;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.AboutMessages;

/// <summary>"Is this message real?", for everybody who was sent one.</summary>
public sealed class AboutMessagesModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/about-messages", () => Page.Of(AboutMessagesPage.Create()));
}
