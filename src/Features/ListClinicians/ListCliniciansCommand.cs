using System.CommandLine;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ListClinicians;

/// <summary><c>clinician list</c>: who can sign in, for which practice and how. Nothing in it opens anything.</summary>
public sealed class ListCliniciansCommand : IOperatorCommand
{
    public string Group => "clinician";

    public Command Build(IServiceProvider services)
    {
        var practice = new Option<string?>("--practice") { Description = "Only the people of this practice, by its id" };
        var command = new Command("list",
            "Lists the people who have an account, by practice and email: email, name, practice, manager or clinician, invited (no password yet), active or disabled, second step (passkey, app, both or none); separated by tabs.") { practice };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            var documents = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
            var id = parsed.Line(practice);
            if (id is not null && await documents.LoadAsync<Practice>(id, cancellation) is null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is no practice '{id}'.");
                return 1;
            }
            var (people, unreadable) = await documents.ListReadableAsync<Clinician>(scope.ServiceProvider.GetRequiredService<IDatabase>(), cancellation);
            foreach (var line in Lines(people.Where(person => id is null || person.PracticeId == id)))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            foreach (var name in unreadable)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"document/Clinician/{name} cannot be read.");
            return unreadable.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static IEnumerable<string> Lines(IEnumerable<Clinician> people) => people
        .OrderBy(person => person.PracticeId, StringComparer.Ordinal).ThenBy(person => person.Email, StringComparer.Ordinal)
        .Select(person => string.Join('\t', person.Email, person.Name, person.PracticeId, person.IsManager ? "manager" : "clinician", State(person), SecondStep(person.Factors)));

    private static string State(Clinician person) => person switch
    {
        { Disabled: true } => "disabled",
        { PasswordHash: null } => "invited",
        _ => "active",
    };

    private static string SecondStep(Factors factors) => (factors.Passkeys.Count > 0, factors.AuthenticatorKey is not null) switch
    {
        (true, true) => "passkey and app",
        (true, false) => "passkey",
        (false, true) => "app",
        _ => "none",
    };
}
