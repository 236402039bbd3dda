using System.CommandLine;
using PatientResponse.Infrastructure.Files.Checkpoints;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.AcceptRestored;

/// <summary><c>accept-restored</c>: the operator knows why the database is not what it was.</summary>
public sealed class AcceptRestoredCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var reason = new Option<string>("--reason") { Description = "Why; it stays on record in clear, so write nothing about a patient", Required = true };
        var command = new Command("accept-restored", "After a backup was restored: takes the database as it is, so that verify compares with this state from now on. It is on record. "
            + "Prints each person and practice that is at an earlier version than before: who was disabled since is not disabled any more.") { reason };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.RequiredLine(reason) is not { Length: > 0 } why)
            {
                await error.WriteLineAsync("Nothing was accepted: give a reason.");
                return 1;
            }
            try
            {
                foreach (var name in await RunAsync(services, why, cancellation))
                    await output.WriteLineAsync($"older\t{name}");
                return 0;
            }
            catch (FileStoreUnavailableException)
            {
                await error.WriteLineAsync("The file store cannot be read.");
                return 1;
            }
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> RunAsync(IServiceProvider services, string reason, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var older = await services.GetRequiredService<RecordKeeper>().AcceptAsync(cancellation);
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        session.Audit("operator", "accepted restored database", "database", reason);
        await session.SaveChangesAsync(cancellation);
        return older;
    }
}
