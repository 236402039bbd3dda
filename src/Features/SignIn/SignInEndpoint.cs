using Carter;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SignIn;

/// <summary>Sign-in with an email address and a password, and sign-out.</summary>
public sealed class SignInModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", IResult (HttpContext context, string? returnUrl) => context.SignedInClinician() is null
            ? Page.Of(SignInPage.Create(new SignIn("", ReturnUrl.Local(returnUrl), [])))
            : new SeeOther(ReturnUrl.Local(returnUrl)));

        app.MapPost("/sign-in", SignInAsync);

        app.MapPost("/sign-out", async (HttpContext context, StaffSessions sessions) =>
        {
            await sessions.EndAllAsync(context);
            return new SeeOther("/sign-in");
        }).RequireAuthorization().WithMetadata(new OpenWithoutSecondFactor());
    }

    private static async Task<IResult> SignInAsync(HttpContext context, PasswordCheck passwords, StaffSessions sessions, HalfSessions halves, CookieCheck cookies)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (email, password, returnUrl) = (form.Line("email"), form.Secret("password"), ReturnUrl.Local(form.Text("returnUrl")));
        var problems = SignInHandler.Validate(email, password);
        if (problems.Count > 0)
            return Page.Of(SignInPage.Create(new SignIn(email, returnUrl, problems)), StatusCodes.Status422UnprocessableEntity);

        var (answer, clinician) = await passwords.CheckAsync(context, email, password);
        if (clinician is null)
            return Page.Of(SignInPage.Create(new SignIn(email, returnUrl, [SignInHandler.Refusal(answer)])), SignInHandler.Status(answer));
        if (clinician.Factors.Any)
        {
            await halves.BeginAsync(context, clinician);
            return new SeeOther(SecondStepModule.LeadingTo(returnUrl, context, cookies));
        }
        await sessions.BeginAsync(context, clinician);
        return new SeeOther(returnUrl);
    }
}

/// <param name="Email">As typed.</param>
/// <param name="ReturnUrl">Where to go afterwards: an address of this site.</param>
public sealed record SignIn(string Email, string ReturnUrl, IReadOnlyList<FieldError> Errors);
