using System.CommandLine;
using System.Security.Cryptography;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.EnableClinician;

/// <summary><c>clinician enable</c>: for somebody who comes back, or was disabled by mistake. They sign in as before; no session of
/// before comes back to life, and what was handed over stays with the colleague.</summary>
public sealed class EnableClinicianCommand : IOperatorCommand
{
    public string Group => "clinician";

    public Command Build(IServiceProvider services)
    {
        var email = new Argument<string>("email") { Description = "What they sign in with" };
        var command = new Command("enable", "Lets a person who was disabled sign in again, as they did before. What was handed over stays with the colleague.") { email };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            var typed = parsed.GetRequiredValue(email);
            var clinician = await RunAsync(scope.ServiceProvider.GetRequiredService<IDocumentSession>(), typed, cancellation);
            if (clinician is null)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is nobody with the email address '{typed}'.");
            else
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"enabled\t{clinician.Email}");
            return clinician is null ? 1 : 0;
        });
        return command;
    }

    /// <returns>Null when there is no such person.</returns>
    private static Task<Clinician?> RunAsync(IDocumentSession documents, string email, CancellationToken cancellation) => documents.DecideAsync(async () =>
    {
        var clinician = await documents.FindAsync<Clinician>(Clinician.LookupOf(email), cancellation);
        if (clinician is not { Disabled: true })
            return clinician;
        (clinician.Disabled, clinician.SecurityStamp) = (false, RandomNumberGenerator.GetHexString(32));
        documents.Store(clinician);
        documents.Audit("operator", "enabled clinician", clinician.Id);
        await documents.SaveChangesAsync(cancellation);
        return clinician;
    });
}
