using System.CommandLine;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ParkedMessages;

/// <summary><c>messages retry</c>: once what stood in the way is mended.</summary>
public sealed class RetryMessagesCommand : IOperatorCommand
{
    public string Group => "messages";

    public Command Build(IServiceProvider services)
    {
        var id = new Argument<string?>("id") { Description = "As messages list shows it", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All that are parked" };
        var command = new Command("retry", "Puts a parked message, or all of them, back into the queue. Messages that are no longer needed do nothing. No text message is sent twice.") { id, all };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(id) is null != parsed.GetValue(all))
            {
                await error.WriteLineAsync("Give the id of a message, or --all.");
                return 1;
            }
            var database = services.GetRequiredService<IDatabase>();
            List<DeadLetter?> parked = parsed.GetValue(id) is { } one
                ? [Guid.TryParse(one, out var known) ? await DeadLetter.FindAsync(database, known, cancellation) : null] : [.. await DeadLetter.AllAsync(database, cancellation)];
            var failed = false;
            foreach (var message in parked)
            {
                var retried = message is not null && await RetryAsync(services, message, cancellation);
                await (retried ? output.WriteLineAsync($"queued\t{message!.Id:N}") : error.WriteLineAsync("There is no parked message of this id, or not any more."));
                failed |= !retried;
            }
            return failed ? 1 : 0;
        });
        return command;
    }

    private static async Task<bool> RetryAsync(IServiceProvider services, DeadLetter message, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        session.Enlist(message.Retry(services.GetRequiredService<TimeProvider>().GetUtcNow()));
        session.Enlist(message.Discard());
        session.Audit("operator", "retried message", message.Id.ToString("N"), message.Type);
        try
        {
            await session.SaveChangesAsync(cancellation);
            return true;
        }
        catch (ConcurrencyException)
        {
            return false;
        }
    }
}
