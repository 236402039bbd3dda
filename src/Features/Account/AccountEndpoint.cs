using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.Account;

/// <summary>A clinician's own name, test mobile and password.</summary>
public sealed class AccountModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/account").RequireAuthorization();
        account.MapGet("", (HttpContext context, string? saved) => Page.Of<AccountPage>(AccountHandler.Show(context.Clinician(), saved)));
        account.MapPost("", SaveAsync);
    }

    private static async Task<IResult> SaveAsync(HttpContext context, IDocumentSession documents)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var command = new SaveAccount(form.Text("name"), form.Text("mobile"));
        return await documents.DecideAsync<IResult>(async () =>
        {
            var clinician = (await documents.LoadAsync<Clinician>(context.Clinician().Id, context.RequestAborted))!;
            var problems = AccountHandler.Validate(command);
            if (problems.Count > 0)
                return Page.Of<AccountPage>(new Account(clinician.Email, command.Name, command.Mobile, null, problems), StatusCodes.Status422UnprocessableEntity);
            AccountHandler.Handle(command, clinician);
            documents.Store(clinician);
            await documents.SaveChangesAsync(context.RequestAborted);
            return new SeeOther("/account?saved=details");
        });
    }
}

/// <param name="Saved">What was saved just now, in words.</param>
public sealed record Account(string Email, string Name, string Mobile, string? Saved, IReadOnlyList<FieldError> Errors);
