using System.CommandLine;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Features.EraseConversation;

/// <summary><c>restore-check</c>: what every start does by itself, for somebody who wants to see it done.</summary>
public sealed class RestoreCheckCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var sign = new Option<bool>("--sign") { Description = "First signs the markers of versions that did not sign them, where this database says that the conversation was erased" };
        var command = new Command("restore-check", "After a backup was restored: erases again what was erased since it was made, by the signed markers in the file store. "
            + "Prints each, and what orders to erase without being signed: that is ignored, and the exit code is 1. Every start does the same before it serves.") { sign };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            await using var scope = services.CreateAsyncScope();
            try
            {
                if (parsed.GetValue(sign))
                    foreach (var id in await ActivatorUtilities.CreateInstance<OldMarkers>(scope.ServiceProvider).SignAsync(cancellation))
                        await output.WriteLineAsync($"signed\t{id:N}");
                var report = await ActivatorUtilities.CreateInstance<RestoreCheck>(scope.ServiceProvider).RunAsync(cancellation);
                foreach (var id in report.Erased)
                    await output.WriteLineAsync($"erased\t{id:N}");
                foreach (var name in report.Forged)
                    await output.WriteLineAsync($"forged\t{name}");
                if (report.HasMore)
                    await output.WriteLineAsync("forged\tmore, which verify names");
                return report.Forged.Count == 0 ? 0 : 1;
            }
            catch (FileStoreUnavailableException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("The file store cannot be read.");
                return 1;
            }
        });
        return command;
    }
}
