using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.Home;

/// <summary>Where a patient types the code of a message, and where staff begin.</summary>
public sealed class HomeModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/", IResult (HttpContext context) => context.SignedInClinician() is null
            ? Page.Of(HomePage.Create(new Home("", null)))
            : new SeeOther("/conversations"));

        app.MapPost("/", async Task<IResult> (HttpContext context) =>
        {
            var code = (await context.Request.FormOrEmptyAsync()).Text("code");
            return LinkToken.TryParse(code, out var token)
                ? new SeeOther("/r/" + token.Value)
                : Page.Of(HomePage.Create(new Home(code, HomeHandler.Problem(code))), StatusCodes.Status422UnprocessableEntity);
        }).WithMetadata(new GuardedOtherwise("It changes nothing, and the code is a secret that another site does not know."));
    }
}

/// <param name="Code">As typed.</param>
public sealed record Home(string Code, string? Problem);
