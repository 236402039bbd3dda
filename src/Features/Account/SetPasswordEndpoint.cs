using Carter;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Requests;

namespace PatientResponse.Features.Account;

/// <summary>The link with which a new person, or one who forgot, sets a password. Opening it spends nothing; setting does.</summary>
public sealed class SetPasswordModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/set-password", ShowAsync);
        app.MapPost("/set-password", SetAsync);
        app.MapGet("/set-password/done", () => Page.Of(PasswordSetPage.Create()));
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string? user, string? token, UserManager<Clinician> people)
    {
        // The last part of an address that is read in an email.
        var whole = GluedAddress.Trim(token ?? "");
        return await HolderAsync(people, user, whole) is { } clinician ? Page.Of(SetPasswordPage.Create(new SetPassword(clinician, whole, []))) : Dead();
    }

    private static async Task<IResult> SetAsync(HttpContext context, UserManager<Clinician> people, PasswordCheck passwords, IDocumentSession documents, StaffSessions sessions)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (token, password) = (form.Text("token"), form.Secret("password"));
        if (await HolderAsync(people, form.Text("user"), token) is not { } clinician)
            return Dead();
        FieldError[] problems = [.. NewPassword.Problems(clinician.Email, password, form.Secret("again"))];
        if (problems.Length > 0)
            return Page.Of(SetPasswordPage.Create(new SetPassword(clinician, token, problems)), StatusCodes.Status422UnprocessableEntity);
        // Saved with the new password, or not at all.
        documents.Audit(clinician.Id, "set password by link", clinician.Id);
        documents.Publish(new() { new FactorChanged(clinician.Id, FactorChange.PasswordSet, Guid.NewGuid()) });
        // The framework's own token, of this moment: it asks for one, and the link may have come by email.
        if (!(await people.ResetPasswordAsync(clinician, await people.GeneratePasswordResetTokenAsync(clinician), password)).Succeeded)
        {
            documents.Forget();
            return Dead();
        }
        await passwords.ForgiveAsync(clinician.Email, context.RequestAborted);
        await sessions.EndAsync(context);
        return new SeeOther("/set-password/done");
    }

    /// <summary>Whose link it is, while it is good.</summary>
    private static async Task<Clinician?> HolderAsync(UserManager<Clinician> people, string? user, string? token) =>
        user is { Length: > 0 } && token is { Length: > 0 }
        && await people.FindByIdAsync(user) is { Disabled: false } clinician
        && (await IsGoodAsync(people, clinician, UserManager<Clinician>.ResetPasswordTokenPurpose, token) || await IsGoodAsync(people, clinician, SetPasswordLink.ByEmail, token))
            ? clinician
            : null;

    private static Task<bool> IsGoodAsync(UserManager<Clinician> people, Clinician clinician, string purpose, string token) =>
        people.VerifyUserTokenAsync(clinician, people.Options.Tokens.PasswordResetTokenProvider, purpose, token);

    private static IResult Dead() => Page.Of(DeadPasswordLinkPage.Create(), StatusCodes.Status410Gone);
}

public sealed record SetPassword(Clinician Clinician, string Token, IReadOnlyList<FieldError> Errors);
