using Carter;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SignIn;

/// <summary>Sign-in with a passkey alone. Its device has checked a PIN, face or finger, so it counts as both factors.</summary>
public sealed class PasskeySignInModule : ICarterModule
{
    private static readonly FieldError Refused = new("email", "The passkey was not accepted. Try again, or use your email address and password");

    /// <summary>Nobody needs more, and a whole trust behind one address signs in with it; each one costs us a row.</summary>
    public const int MostInWindow = 300;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-in/passkey/options", async Task<IResult> (HttpContext context, IPasskeyHandler<Clinician> passkeys, PasskeyCeremonies ceremonies, Counters counters) =>
        {
            if (await counters.AddAsync("passkey-options/" + Network.Of(context.Connection.RemoteIpAddress), Window, context.RequestAborted) > MostInWindow)
                return TooMany(context);
            // For nobody in particular: the answer must not tell whose email is known.
            var options = await passkeys.MakeRequestOptionsAsync(null, context);
            await ceremonies.BeginAsync(context, options.AssertionState);
            return Results.Content(options.RequestOptionsJson, "application/json");
        });
        app.MapPost("/sign-in/passkey", SignInAsync);
    }

    /// <summary>For the page's script, which then says that the passkey was not used and that there is another way.</summary>
    private static IResult TooMany(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "300";
        return Results.Json(new { error = "Too many requests. Wait 5 minutes, or sign in with your email address and password" }, statusCode: StatusCodes.Status429TooManyRequests);
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, IPasskeyHandler<Clinician> passkeys, PasskeyCeremonies ceremonies, IDocumentSession documents, StaffSessions sessions, TimeProvider time)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var returnUrl = ReturnUrl.Local(form.Text("returnUrl"));
        if (await ceremonies.TakeAsync(context) is not { } state
            || await passkeys.PerformAssertionAsync(new() { HttpContext = context, CredentialJson = form.Text("credential"), AssertionState = state })
                is not { Succeeded: true, User: { Disabled: false } user, Passkey: { } used })
            return Page.Of(SignInPage.Create(new SignIn("", returnUrl, [Refused])), StatusCodes.Status422UnprocessableEntity);
        var clinician = await documents.DecideAsync(async () =>
        {
            if (await documents.LoadAsync<Clinician>(user.Id, context.RequestAborted) is not { Disabled: false } clinician
                || clinician.Factors.Passkeys.FindIndex(passkey => passkey.Id.AsSpan().SequenceEqual(used.CredentialId)) is not (>= 0 and var at))
                return null;
            clinician.Factors.Passkeys[at] = clinician.Factors.Passkeys[at] with { SignCount = used.SignCount, IsBackedUp = used.IsBackedUp, LastUsedAt = time.GetUtcNow() };
            documents.Store(clinician);
            await documents.SaveChangesAsync(context.RequestAborted);
            return clinician;
        });
        if (clinician is null)
            return Page.Of(SignInPage.Create(new SignIn("", returnUrl, [Refused])), StatusCodes.Status422UnprocessableEntity);
        await sessions.BeginAsync(context, clinician);
        return new SeeOther(returnUrl);
    }
}
