using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.SecondFactor;

/// <summary>How a person signs in besides the password, and the ways to change it.</summary>
public sealed class SecondFactorModule : ICarterModule
{
    /// <summary>How long an offer that was put off is not made again.</summary>
    private static readonly TimeSpan PutOff = TimeSpan.FromDays(30);

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var factor = app.MapGroup("/account/second-factor").RequireAuthorization();
        factor.MapGet("", ShowAsync).WithMetadata(new OpenWithoutSecondFactor());
        factor.MapPost("/not-now", async (HttpContext context, IDocumentSession documents, TimeProvider time) =>
        {
            await documents.DecideAsync(async () =>
            {
                var clinician = (await documents.LoadAsync<Clinician>(context.Clinician().Id, context.RequestAborted))!;
                clinician.OfferAgainAt = time.GetUtcNow() + PutOff;
                documents.Store(clinician);
                await documents.SaveChangesAsync(context.RequestAborted);
                return clinician;
            });
            return new SeeOther(ReturnUrl.Default);
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string? saved, IDocumentSession documents, InstallationRules rules)
    {
        var clinician = context.Clinician();
        var practice = await documents.PracticeAsync(context);
        return Page.Of(SecondFactorPage.Create(new SecondFactor(clinician.Factors, rules.RequiresSecondFactorOf(practice), saved switch
        {
            "authenticator" => "Your app is set up",
            "removed" => "Your app is removed",
            _ => null,
        })));
    }
}

public sealed record SecondFactor(Factors Factors, bool Required, string? Saved);
