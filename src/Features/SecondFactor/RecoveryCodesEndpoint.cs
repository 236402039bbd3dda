using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SecondFactor;

/// <summary>New recovery codes; they are shown once, because only their hashes are kept.</summary>
public sealed class RecoveryCodesModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var codes = app.MapGroup("/account/recovery-codes").RequireAuthorization().AddEndpointFilter<FreshSignIn>();
        codes.MapGet("", IResult (HttpContext context) => context.Clinician().Factors is { Any: true } factors
            ? Page.Of<RecoveryCodesPage>(new RecoveryCodes([], factors.RecoveryCodes.Count))
            : new SeeOther("/account/second-factor"));
        codes.MapPost("", MakeAsync);
    }

    private static async Task<IResult> MakeAsync(HttpContext context, IDocumentSession documents, Keyring keyring, StaffSessions sessions)
    {
        if (!context.Clinician().Factors.Any)
            return new SeeOther("/account/second-factor");
        var (clinician, codes) = await documents.DecideAsync(async () =>
        {
            if (await documents.FetchMyselfAsync(context) is not { } clinician)
                return ((Clinician?)null, (IReadOnlyList<string>)[]);
            var codes = FactorHandler.NewRecoveryCodes(clinician, keyring);
            FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.NewRecoveryCodes);
            await documents.SaveChangesAsync(context.RequestAborted);
            return (clinician, codes);
        });
        if (clinician is null)
            return FreshSignIn.SignInAgain();
        await sessions.BeginAsync(context, clinician);
        return Page.Of<RecoveryCodesPage>(new RecoveryCodes(codes, 0));
    }
}

/// <param name="Codes">Made just now; empty when there are none to show.</param>
/// <param name="Left">How many of before are left.</param>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes, int Left);
