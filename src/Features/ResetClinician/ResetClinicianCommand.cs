using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ResetClinician;

/// <summary><c>clinician reset</c>: for somebody who lost phone and passkeys. Takes password and second factors away, ends every
/// session, and prints the link with which the person sets a new password.</summary>
public sealed class ResetClinicianCommand : IOperatorCommand
{
    public string Group => "clinician";

    public Command Build(IServiceProvider services)
    {
        var email = new Argument<string>("email") { Description = "What they sign in with" };
        var command = new Command("reset", "Removes a person's password, passkeys, authenticator app and recovery codes, and prints a single-use link to set a new password. Check who you are giving it to.") { email };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            var (error, link) = await RunAsync(scope.ServiceProvider, parsed.GetRequiredValue(email), cancellation);
            await (error is null ? parsed.InvocationConfiguration.Output : parsed.InvocationConfiguration.Error).WriteLineAsync(error ?? link);
            return error is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<(string? Error, string? Link)> RunAsync(IServiceProvider services, string email, CancellationToken cancellation)
    {
        var documents = services.GetRequiredService<IDocumentSession>();
        var people = services.GetRequiredService<UserManager<Clinician>>();
        var clinician = await documents.DecideAsync(async () =>
        {
            var clinician = await people.FindByNameAsync(email);
            if (clinician is null or { Disabled: true })
                return clinician;
            (clinician.PasswordHash, clinician.Factors) = (null, new Factors());
            FactorChanged.Store(documents, "operator", clinician, FactorChange.Reset);
            await documents.SaveChangesAsync(cancellation);
            return clinician;
        });
        if (clinician is null)
            return ($"There is nobody with the email address '{email}'.", null);
        if (clinician.Disabled)
            return ($"{clinician.Email} is disabled.", null);
        await services.GetRequiredService<HalfSessions>().ForgiveAsync(clinician, cancellation);
        await services.GetRequiredService<PasswordCheck>().ForgiveAsync(clinician.Email, cancellation);
        return (null, services.GetRequiredService<PublicAddress>().SetPassword(clinician.Id, await people.GeneratePasswordResetTokenAsync(clinician)));
    }
}
