using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.SecondFactor;

/// <summary>New recovery codes, and the page that shows those that nobody has noted down yet; see <see cref="UnreadCodes"/>.</summary>
public sealed class RecoveryCodesModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var codes = app.MapGroup("/account/recovery-codes").RequireAuthorization().AddEndpointFilter<FreshSignIn>();
        codes.MapGet("", async Task<IResult> (HttpContext context, IDocumentSession documents, TimeProvider time) =>
            context.Clinician() is { Factors: { Any: true } factors } clinician
                ? Page.Of(RecoveryCodesPage.Create(new RecoveryCodes(
                    await UnreadCodes.OfAsync(documents, clinician, time.GetUtcNow(), context.RequestAborted), factors.RecoveryCodes.Count)))
                : new SeeOther("/account/second-factor"));
        codes.MapPost("", MakeAsync);
        codes.MapPost("/kept", KeptAsync);
    }

    private static async Task<IResult> MakeAsync(HttpContext context, IDocumentSession documents, Keyring keyring, StaffSessions sessions, TimeProvider time)
    {
        if (!context.Clinician().Factors.Any)
            return new SeeOther("/account/second-factor");
        var clinician = await documents.DecideAsync(async () =>
        {
            if (await documents.FetchMyselfAsync(context) is not { } clinician)
                return null;
            await UnreadCodes.StoreAsync(documents, clinician, FactorHandler.NewRecoveryCodes(clinician, keyring), time);
            FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.NewRecoveryCodes);
            await documents.SaveChangesAsync(context.RequestAborted);
            return clinician;
        });
        if (clinician is null)
            return FreshSignIn.SignInAgain();
        await sessions.BeginAsync(context, clinician);
        return new SeeOther(UnreadCodes.Address);
    }

    private static Task<SeeOther> KeptAsync(HttpContext context, IDocumentSession documents) => documents.DecideAsync(async () =>
    {
        if (await documents.LoadAsync<UnreadCodes>(context.Clinician().Id, context.RequestAborted) is { } unread)
        {
            documents.Delete(unread);
            await documents.SaveChangesAsync(context.RequestAborted);
        }
        return new SeeOther(ReturnUrl.Default);
    });
}

/// <param name="Codes">Made just now and not yet noted down; empty when there are none to show.</param>
/// <param name="Left">How many of before are left.</param>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes, int Left);
