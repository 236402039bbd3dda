using Carter;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.Account;

/// <summary>A clinician's own name, test mobile and sign-off, and the way to everything else of theirs.</summary>
public sealed class AccountModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/account").RequireAuthorization();
        account.MapGet("", async (HttpContext context, string? saved, IDocumentSession documents) =>
            Page.Of(AccountPage.Create(AccountHandler.Show(context.Clinician(), await documents.PracticeAsync(context), saved))));
        account.MapPost("", SaveAsync);
    }

    private static async Task<IResult> SaveAsync(HttpContext context, IDocumentSession documents)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var command = new SaveAccount(form.Line("name"), form.Line("mobile"), form.Line("signOff"), form.Line("emails") == "asked" ? form.Line("dailyEmail") == "true" : null);
        return await documents.DecideAsync<IResult>(async () =>
        {
            var clinician = (await documents.LoadAsync<Clinician>(context.Clinician().Id, context.RequestAborted))!;
            var problems = AccountHandler.Validate(command);
            if (problems.Count > 0)
                return Page.Of(AccountPage.Create(AccountHandler.Again(command, clinician, await documents.PracticeAsync(context), problems)), StatusCodes.Status422UnprocessableEntity);
            if (AccountHandler.Changes(command, clinician) is { Count: > 0 } changes)
            {
                AccountHandler.Handle(command, clinician);
                documents.Store(clinician);
                documents.Audit(clinician.Id, "changed account", clinician.Id, string.Join(", ", changes));
                await documents.SaveChangesAsync(context.RequestAborted);
            }
            return new SeeOther("/account?saved=details");
        });
    }
}

/// <param name="Clinician">As stored.</param>
/// <param name="SignOff">The person's own, as typed; empty for the practice's.</param>
/// <param name="Saved">What was saved just now, in words.</param>
/// <param name="DailyEmail">Whether the email about missing answers is wanted.</param>
public sealed record Account(
    Clinician Clinician, Practice Practice, string Name, string Mobile, string SignOff, bool DailyEmail, string? Saved, IReadOnlyList<FieldError> Errors);
