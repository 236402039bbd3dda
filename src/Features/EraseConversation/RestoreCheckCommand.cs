using System.CommandLine;
using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.EraseConversation;

/// <summary><c>restore-check</c>: what every start does by itself, for somebody who wants to see it done.</summary>
public sealed class RestoreCheckCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var command = new Command("restore-check", "After a backup was restored: erases again what was erased since it was made. Every start does the same before it serves.");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            try
            {
                foreach (var id in await ActivatorUtilities.CreateInstance<RestoreCheck>(scope.ServiceProvider).RunAsync(cancellation))
                    await parsed.InvocationConfiguration.Output.WriteLineAsync($"erased\t{id:N}");
                return 0;
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
