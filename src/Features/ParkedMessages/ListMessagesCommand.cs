using System.CommandLine;
using System.Globalization;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ParkedMessages;

/// <summary><c>messages list</c>: what was given up.</summary>
public sealed class ListMessagesCommand : IOperatorCommand
{
    public string Group => "messages";

    public Command Build(IServiceProvider services)
    {
        var command = new Command("list", "Lists the queued messages that failed too many times and were parked, oldest first: id, type, parked at (UTC), attempts, error and the ids they concern, separated by tabs.");
        command.SetAction(async (parsed, cancellation) =>
        {
            foreach (var message in await DeadLetter.AllAsync(services.GetRequiredService<IDatabase>(), cancellation))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{message.Id:N}\t{message.Type}\t{message.ParkedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\t{message.Attempts}\t{message.Error}\t{message.Body}"));
            return 0;
        });
        return command;
    }
}
