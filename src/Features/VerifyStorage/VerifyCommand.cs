using System.CommandLine;
using System.Globalization;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Start;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.VerifyStorage;

/// <summary><c>verify</c>: whether all that is stored can be read.</summary>
public sealed class VerifyCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var against = new Option<string[]>("--checkpoint") { Description = "A checkpoint as the log has it, such as 1-1234-0ab1…, to be looked for besides the newest one in the file store" };
        var command = new Command("verify", "Opens everything that is stored: keys, people, patients, conversations and every file to its end. "
            + "Compares the database with the record of what was written, and with the newest checkpoint outside of it. "
            + "Prints what is wrong, a kind and a name separated by a tab, and exits with 1 if anything is. It changes nothing and may run beside serving processes.") { against };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (Links(parsed.GetValue(against) ?? []) is not { } links)
            {
                await error.WriteLineAsync("A checkpoint is two numbers and a hash, such as 1-1234-0ab1….");
                return 1;
            }
            var check = ActivatorUtilities.CreateInstance<StorageCheck>(services, links);
            var end = await EndAsync(check, cancellation);
            foreach (var problem in check.Problems)
                await output.WriteLineAsync($"{problem.Kind}\t{problem.Name}");
            await error.WriteLineAsync(end.Said);
            return end.IsSound ? 0 : 1;
        });
        return command;
    }

    /// <summary>Null where one is none.</summary>
    private static IReadOnlyList<ChainLink>? Links(IReadOnlyList<string> said)
    {
        var links = said.Select(ChainLink.Parse).ToList();
        return links.Contains(null) ? null : [.. links.OfType<ChainLink>()];
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
