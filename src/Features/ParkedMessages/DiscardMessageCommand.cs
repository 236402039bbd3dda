using System.CommandLine;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ParkedMessages;

/// <summary><c>messages discard</c>: it will never be done, and that is on record.</summary>
public sealed class DiscardMessageCommand : IOperatorCommand
{
    public string Group => "messages";

    public Command Build(IServiceProvider services)
    {
        var id = new Argument<string>("id") { Description = "As messages list shows it" };
        var reason = new Option<string>("--reason") { Description = "Why; it stays on record in clear, so write nothing about a patient", Required = true };
        var command = new Command("discard", "Deletes a parked message. It will never be carried out.") { id, reason };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            var problem = await DiscardAsync(scope.ServiceProvider, parsed.GetRequiredValue(id), parsed.RequiredLine(reason), cancellation);
            await (problem is null ? parsed.InvocationConfiguration.Output : parsed.InvocationConfiguration.Error)
                .WriteLineAsync(problem ?? $"discarded\t{parsed.GetRequiredValue(id)}");
            return problem is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<string?> DiscardAsync(IServiceProvider services, string id, string reason, CancellationToken cancellation)
    {
        const string none = "There is no parked message of this id.";
        if (reason == "")
            return "Nothing was discarded: give a reason.";
        if (!Guid.TryParse(id, out var known) || await DeadLetter.FindAsync(services.GetRequiredService<IDatabase>(), known, cancellation) is not { } message)
            return none;
        var session = services.GetRequiredService<IDocumentSession>();
        session.Enlist(message.Discard());
        session.Audit("operator", "discarded message", message.Id.ToString("N"), $"{message.Type} {message.Body}: {reason}");
        try
        {
            await session.SaveChangesAsync(cancellation);
            return null;
        }
        catch (ConcurrencyException)
        {
            return none;
        }
    }
}
