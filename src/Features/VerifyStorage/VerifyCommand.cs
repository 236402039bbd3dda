using System.CommandLine;
using System.Globalization;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Start;

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
            var check = ActivatorUtilities.CreateInstance<StorageCheck>(services);
            var end = await EndAsync(check, cancellation);
            foreach (var problem in check.Problems)
                await output.WriteLineAsync($"{problem.Kind}\t{problem.Name}");
            await error.WriteLineAsync(end.Said);
            return end.IsSound ? 0 : 1;
        });
        return command;
    }

    /// <summary>It never ends in an exception: what was found until then is printed all the same.</summary>
    private static async Task<(bool IsSound, string Said)> EndAsync(StorageCheck check, CancellationToken cancellation)
    {
        try
        {
            var found = await check.RunAsync(cancellation);
            return (found.Problems.Count == 0, string.Create(CultureInfo.InvariantCulture, $"Checked {found.Conversations} conversations and {found.Files} files: {found.Problems.Count} problems."));
        }
        catch (FileStoreUnavailableException)
        {
            return (false, "The file store cannot be read.");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return (false, StartFailures.Reason(e) ?? $"The check could not go on: {e.GetType().Name}.");
        }
    }
}
