using System.Security.Cryptography;
using Carter;
using Microsoft.AspNetCore.DataProtection;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SecondFactor;

/// <summary>Sets up an app that makes codes. Its key is on only when a code has proved that the app has it; until then the
/// form carries it, sealed for this person.</summary>
public sealed class AuthenticatorModule : ICarterModule
{
    private static readonly FieldError Missing = new("code", "Enter the code that your app shows");
    private static readonly FieldError Wrong = new("code", "The code is not right. Check that your phone's clock is right, and type the code that the app shows now");

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var authenticator = app.MapGroup("/account/authenticator").RequireAuthorization().WithMetadata(new OpenWithoutSecondFactor()).AddEndpointFilter<FreshSignIn>();
        authenticator.MapGet("", (HttpContext context, IDataProtectionProvider protection) => Show(context.Clinician(), protection, Totp.NewKey()));
        authenticator.MapPost("", TurnOnAsync);
        authenticator.MapPost("/off", TurnOffAsync);
    }

    private static async Task<IResult> TurnOnAsync(
        HttpContext context, IDataProtectionProvider protection, IDocumentSession documents, Keyring keyring, StaffSessions sessions, TimeProvider time)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (me, code) = (context.Clinician(), TypedText.WithAsciiDigits(TypedText.WithoutFiller(form.Text("code"))));
        if (Unsealed(me, protection, form.Text("key")) is not { } key)
            return new SeeOther("/account/authenticator");
        if (code.Length == 0)
            return Show(me, protection, key, Missing);
        var (isMe, done) = await documents.DecideAsync(async () =>
        {
            if (await documents.FetchMyselfAsync(context) is not { } clinician)
                return (false, null);
            if (Totp.StepOf(key, code, time.GetUtcNow(), clinician.Factors.AuthenticatorKey == key ? clinician.Factors.LastStep : 0) is not { } step)
                return (true, ((Clinician, IReadOnlyList<string>)?)null);
            var codes = FactorHandler.TurnOn(clinician, key, step, keyring);
            await UnreadCodes.StoreAsync(documents, clinician, codes, time);
            FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.AuthenticatorOn);
            await documents.SaveChangesAsync(context.RequestAborted);
            return (true, (clinician, codes));
        });
        if (!isMe)
            return FreshSignIn.SignInAgain();
        if (done is not var (changed, recovery))
            return Show(me, protection, key, Wrong);
        await sessions.BeginAsync(context, changed);
        return new SeeOther(recovery.Count > 0 ? UnreadCodes.Address : "/account/second-factor?saved=authenticator");
    }

    private static async Task<IResult> TurnOffAsync(
        HttpContext context, IDataProtectionProvider protection, IDocumentSession documents, StaffSessions sessions, InstallationRules rules)
    {
        var (clinician, refusal) = await documents.DecideAsync(async () =>
        {
            if (await documents.FetchMyselfAsync(context) is not { } clinician)
                return (null, null);
            var practice = (await documents.LoadAsync<Practice>(clinician.PracticeId, context.RequestAborted))!;
            if (FactorHandler.Remove(clinician, rules.Of(practice), factors => factors.AuthenticatorKey = null) is { } refusal)
                return ((Clinician?)clinician, refusal);
            FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.AuthenticatorOff);
            await documents.SaveChangesAsync(context.RequestAborted);
            return (clinician, (string?)null);
        });
        if (clinician is null)
            return FreshSignIn.SignInAgain();
        if (refusal is not null)
            return Show(clinician, protection, Totp.NewKey(), new("off", refusal));
        await sessions.BeginAsync(context, clinician);
        return new SeeOther("/account/second-factor?saved=removed");
    }

    private static IResult Show(Clinician clinician, IDataProtectionProvider protection, string key, FieldError? error = null) =>
        Page.Of(
            AuthenticatorPage.Create(new Authenticator(clinician.Email, clinician.Factors.AuthenticatorKey is not null, key, Sealer(clinician, protection).Protect(key), error is null ? [] : [error])),
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static string? Unsealed(Clinician clinician, IDataProtectionProvider protection, string sealedKey)
    {
        try
        {
            return Sealer(clinician, protection).Unprotect(sealedKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static IDataProtector Sealer(Clinician clinician, IDataProtectionProvider protection) => protection.CreateProtector("authenticator-key", clinician.Id);
}

/// <param name="Key">A new one, in base32.</param>
/// <param name="SealedKey">The same, for the form.</param>
public sealed record Authenticator(string Email, bool IsOn, string Key, string SealedKey, IReadOnlyList<FieldError> Errors)
{
    /// <summary>For typing by hand.</summary>
    public string GroupedKey => string.Join(' ', Key.Chunk(4).Select(group => new string(group)));

    /// <summary>What apps read from the QR code (the "key URI format" that they share).</summary>
    public string Uri => $"otpauth://totp/PatientResponse:{System.Uri.EscapeDataString(Email)}?secret={Key}&issuer=PatientResponse";
}
