using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SecondFactor;

/// <summary>Asks for the password once more before something important is changed.</summary>
public sealed class ConfirmModule : ICarterModule
{
    private static readonly FieldError Missing = new("current", "Enter your password");
    private static readonly FieldError Wrong = new("current", "The password is not right");
    private static readonly FieldError Locked = new("current", "Too many tries. Wait 15 minutes, then try again, or ask your practice's administrator");

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var confirm = app.MapGroup("/account/confirm").RequireAuthorization().WithMetadata(new OpenWithoutSecondFactor());
        confirm.MapGet("", (HttpContext context, string? returnUrl) =>
            Page.Of(ConfirmPage.Create(new Confirm(context.Clinician().Email, ReturnUrl.Local(returnUrl), []))));
        confirm.MapPost("", ConfirmAsync);
    }

    private static async Task<IResult> ConfirmAsync(HttpContext context, PasswordCheck passwords, StaffSessions sessions)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (email, returnUrl, password) = (context.Clinician().Email, ReturnUrl.Local(form.Text("returnUrl")), form.Secret("current"));
        if (password.Length == 0)
            return Again(Missing);
        var (answer, clinician) = await passwords.CheckAsync(context, email, password);
        if (clinician is null)
            return answer == PasswordAnswer.Locked ? Again(Locked, StatusCodes.Status429TooManyRequests) : Again(Wrong);
        await sessions.ConfirmAsync(context);
        return new SeeOther(returnUrl);

        IResult Again(FieldError error, int status = StatusCodes.Status422UnprocessableEntity) =>
            Page.Of(ConfirmPage.Create(new Confirm(email, returnUrl, [error])), status);
    }
}

public sealed record Confirm(string Email, string ReturnUrl, IReadOnlyList<FieldError> Errors);
