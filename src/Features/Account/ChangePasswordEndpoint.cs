using Carter;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.Account;

/// <summary>A new password ends every other session of the person and goes on in a new one here.</summary>
public sealed class ChangePasswordModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var password = app.MapGroup("/account/password").RequireAuthorization();
        password.MapGet("", (HttpContext context) => Page.Of(ChangePasswordPage.Create(new ChangePassword(context.Clinician().Email, []))));
        password.MapPost("", ChangeAsync);
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, PasswordCheck passwords, UserManager<Clinician> people, IDocumentSession documents, StaffSessions sessions)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (email, current, password) = (context.Clinician().Email, form.Secret("current"), form.Secret("password"));
        var problems = ChangePasswordHandler.Validate(email, current, password, form.Secret("again"));
        if (problems.Count > 0)
            return Again(email, problems);

        var (answer, clinician) = await passwords.CheckAsync(context, email, current);
        if (clinician is null)
            return Again(email, [ChangePasswordHandler.Refusal(answer)], answer == PasswordAnswer.Locked ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity);
        // Saved with the new password, or not at all.
        documents.Audit(clinician.Id, "changed password", clinician.Id);
        documents.Publish(new() { new FactorChanged(clinician.Id, FactorChange.PasswordSet, Guid.NewGuid()) });
        var changed = await people.ChangePasswordAsync(clinician, current, password);
        if (!changed.Succeeded)
        {
            documents.Forget();
            return Again(email, [.. changed.Errors.Select(error => new FieldError("password", error.Description))]);
        }
        await sessions.BeginAsync(context, clinician);
        return new SeeOther("/account?saved=password");
    }

    private static IResult Again(string email, IReadOnlyList<FieldError> problems, int status = StatusCodes.Status422UnprocessableEntity) =>
        Page.Of(ChangePasswordPage.Create(new ChangePassword(email, problems)), status);
}

/// <param name="Email">Whose password it is: for password managers.</param>
public sealed record ChangePassword(string Email, IReadOnlyList<FieldError> Errors);
