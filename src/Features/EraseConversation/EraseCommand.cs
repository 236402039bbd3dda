using System.CommandLine;
using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.EraseConversation;

/// <summary><c>erase</c>: destroys a conversation, open ones too. That it existed, and who saw it, stays on record.</summary>
public sealed class EraseCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var conversation = new Argument<string>("conversation") { Description = "Its id: the 32 digits at the end of its address" };
        var reason = new Option<string>("--reason") { Description = "Why; it stays on record in clear, so write nothing about the patient", Required = true };
        var command = new Command("erase", "Destroys a conversation for good: the message, the reply and its files. A tombstone and the record of who saw it stay.") { conversation, reason };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (Ids.Parse(parsed.GetRequiredValue(conversation)) is not { } id || parsed.RequiredLine(reason) == "")
            {
                await error.WriteLineAsync("Nothing was erased: give a conversation's id of 32 digits, and a reason.");
                return 1;
            }
            await using var scope = services.CreateAsyncScope();
            var erased = await EraseAsync(scope.ServiceProvider, id, parsed.RequiredLine(reason), cancellation);
            await (erased is null ? output : error).WriteLineAsync(erased ?? $"erased\t{id:N}");
            return erased is null ? 0 : 1;
        });
        return command;
    }

    /// <returns>What went wrong; null when nothing did.</returns>
    private static async Task<string?> EraseAsync(IServiceProvider services, Guid id, string reason, CancellationToken cancellation)
    {
        services.GetRequiredService<Actor>().Name = "operator";
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (!await Erasure.EraseAsync(services.GetRequiredService<IDocumentSession>(), id, "operator", reason, now, cancellation))
            return $"There is no conversation {id:N}, or it is erased already.";
        try
        {
            // It is queued too; but perhaps no process serves.
            await FinishErasingHandler.HandleAsync(new(id), services.GetRequiredService<IFileStore>(), cancellation);
            return null;
        }
        catch (FileStoreUnavailableException)
        {
            return $"Conversation {id:N} is erased, but its files could not be deleted now. A serving process will, when the file store is back.";
        }
    }
}
