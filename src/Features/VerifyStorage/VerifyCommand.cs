using System.CommandLine;
using System.Globalization;
using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.VerifyStorage;

/// <summary><c>verify</c>: whether all that is stored can be read.</summary>
public sealed class VerifyCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var command = new Command("verify", "Opens everything that is stored: keys, people, patients, conversations and every file to its end. "
            + "Prints what is wrong, a kind and a name separated by a tab, and exits with 1 if anything is. It changes nothing and may run beside serving processes.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var found = await ActivatorUtilities.CreateInstance<StorageCheck>(services).RunAsync(cancellation);
                foreach (var problem in found.Problems)
                    await output.WriteLineAsync($"{problem.Kind}\t{problem.Name}");
                await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"Checked {found.Conversations} conversations and {found.Files} files: {found.Problems.Count} problems."));
                return found.Problems.Count == 0 ? 0 : 1;
            }
            catch (FileStoreUnavailableException)
            {
                await error.WriteLineAsync("The file store cannot be read.");
                return 1;
            }
        });
        return command;
    }
}
