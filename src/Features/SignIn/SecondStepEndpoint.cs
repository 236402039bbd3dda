using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SignIn;

/// <summary>The second step of signing in: a code of the person's app, or a recovery code.</summary>
public sealed class SecondStepModule : ICarterModule
{
    private const string Address = "/sign-in/second-step";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet(Address, async Task<IResult> (HttpContext context, string? returnUrl, HalfSessions halves, CookieCheck cookies) =>
            await halves.CurrentAsync(context) is var (_, clinician)
                ? Show(clinician, ReturnUrl.Local(returnUrl))
                : !halves.HasAny(context) && cookies.IsMarked(context, Address) ? KeepsNoCookies(ReturnUrl.Local(returnUrl))
                : new SeeOther(ReturnUrl.SignIn(ReturnUrl.Local(returnUrl))));
        app.MapPost(Address, EnterAsync);
    }

    public static string LeadingTo(string returnUrl, HttpContext context, CookieCheck cookies) =>
        cookies.Mark($"{Address}?returnUrl={Uri.EscapeDataString(returnUrl)}", Address, context);

    private static IResult KeepsNoCookies(string returnUrl) =>
        Page.Of(StaleFormPage.Create(new StaleForm("/sign-in", [("returnUrl", returnUrl)], Foreign: false, HasNoCookies: true)), StatusCodes.Status400BadRequest);

    private static async Task<IResult> EnterAsync(
        HttpContext context, HalfSessions halves, StaffSessions sessions, IDocumentSession documents, Keyring keyring, TimeProvider time)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var (code, returnUrl) = (form.Text("code"), ReturnUrl.Local(form.Text("returnUrl")));
        if (await halves.CurrentAsync(context) is not var (_, who))
            return new SeeOther(ReturnUrl.SignIn(returnUrl));
        if (TypedText.WithoutFiller(code).Length == 0)
            return Show(who, returnUrl, SecondStepHandler.Missing);
        var attempt = await halves.TryAsync(who, context.RequestAborted);
        if (attempt > HalfSessions.MostTries)
            return Show(who, returnUrl, SecondStepHandler.Locked, StatusCodes.Status429TooManyRequests);
        var signedIn = await documents.DecideAsync(async () =>
        {
            // Read again after a conflict: of two browsers with one code, the second finds it used.
            if (await halves.CurrentAsync(context) is not var (half, clinician))
                return null;
            var answer = SecondStepHandler.Handle(code, clinician, keyring, time.GetUtcNow());
            if (answer == CodeAnswer.Wrong)
            {
                documents.Audit(clinician.Id, "refused second step", clinician.Id);
                if (attempt == HalfSessions.MostTries && await halves.IsToBeToldAsync(clinician, context.RequestAborted))
                    documents.Publish(new() { new SecondStepGuessed(clinician.Id, Guid.NewGuid()) });
            }
            else if (answer == CodeAnswer.Recovery)
                FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.RecoveryCodeUsed);
            else
                documents.Store(clinician);
            if (answer != CodeAnswer.Wrong)
                documents.Delete(half);
            await documents.SaveChangesAsync(context.RequestAborted);
            return answer == CodeAnswer.Wrong ? null : clinician;
        });
        if (signedIn is null)
            return Show(who, returnUrl, SecondStepHandler.Wrong);
        await halves.ForgiveAsync(signedIn, context.RequestAborted);
        await sessions.BeginAsync(context, signedIn);
        return new SeeOther(returnUrl);
    }

    private static IResult Show(Clinician clinician, string returnUrl, FieldError? error = null, int status = StatusCodes.Status422UnprocessableEntity) =>
        Page.Of(
            SecondStepPage.Create(new SecondStep(clinician.Factors.AuthenticatorKey is not null, clinician.Factors.Passkeys.Count > 0, returnUrl, error is null ? [] : [error])),
            error is null ? StatusCodes.Status200OK : status);
}

/// <param name="HasApp">Whether the person has an app that makes codes.</param>
public sealed record SecondStep(bool HasApp, bool HasPasskey, string ReturnUrl, IReadOnlyList<FieldError> Errors);
