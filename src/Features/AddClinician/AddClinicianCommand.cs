using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.AddClinician;

/// <summary><c>clinician add</c>: adds a person and prints the link with which they set a password. For a person who exists
/// it changes what is given and prints a new link; older links and sessions of that person end.</summary>
public sealed class AddClinicianCommand : IOperatorCommand
{
    public string Group => "clinician";

    public Command Build(IServiceProvider services)
    {
        var email = new Argument<string>("email") { Description = "What they sign in with, and where notifications go" };
        var name = new Option<string?>("--name") { Description = "The name that colleagues see; needed for a new person" };
        var practice = new Option<string?>("--practice") { Description = "The id of their practice; needed for a new person" };
        var manager = new Option<bool?>("--manager") { Description = "Whether they may change the practice's settings" };
        var command = new Command("add", "Adds a person, or gives one who exists a new link to set a password.") { email, name, practice, manager };
        command.SetAction(async (parsed, _) =>
        {
            await using var scope = services.CreateAsyncScope();
            var (error, link) = await RunAsync(scope.ServiceProvider, new AddClinician(parsed.GetRequiredValue(email), parsed.Line(name), parsed.GetValue(practice), parsed.GetValue(manager)));
            await (error is null ? parsed.InvocationConfiguration.Output : parsed.InvocationConfiguration.Error).WriteLineAsync(error ?? link);
            return error is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<(string? Error, string? Link)> RunAsync(IServiceProvider services, AddClinician command)
    {
        var documents = services.GetRequiredService<IDocumentSession>();
        var people = services.GetRequiredService<UserManager<Clinician>>();
        var before = await people.FindByNameAsync(command.Email);
        var practice = command.Practice is null ? null : await documents.LoadAsync<Practice>(command.Practice);
        if (AddClinicianHandler.Problem(command, before, practice) is { } problem)
            return (problem, null);

        var clinician = AddClinicianHandler.Handle(command, before);
        documents.Audit("operator", before is null ? "added clinician" : "renewed password link", clinician.Id, clinician.IsManager ? "manager" : "");
        var saved = before is null ? await people.CreateAsync(clinician) : await people.UpdateSecurityStampAsync(clinician);
        return saved.Succeeded
            ? (null, services.GetRequiredService<PublicAddress>().SetPassword(clinician.Id, await people.GeneratePasswordResetTokenAsync(clinician)))
            : (string.Join(' ', saved.Errors.Select(error => error.Description)), null);
    }
}
