using System.CommandLine;
using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.EraseConversation;

/// <summary><c>erase</c>: destroys a conversation at once, open ones too. That it existed, and who saw it, stays on record. Or what is said
/// to retention, which marks first: <see cref="MarkedErasures"/>.</summary>
public sealed class EraseCommand : IOperatorCommand
{
    public string Group => "";

    public Command Build(IServiceProvider services)
    {
        var conversation = new Argument<string?>("conversation") { Description = "Its id: the 32 digits at the end of its address", Arity = ArgumentArity.ZeroOrOne };
        var reason = new Option<string?>("--reason") { Description = "Why; it stays on record in clear, so write nothing about the patient" };
        var marked = new Option<bool>("--marked") { Description = "Lists what retention has marked: id, practice, sent at and erased after (UTC) or 'kept'; separated by tabs" };
        var undo = new Option<bool>("--undo") { Description = "Takes the mark of a conversation away: its days of retention count anew from now" };
        var all = new Option<bool>("--all") { Description = "With --undo: all that are marked" };
        var release = new Option<bool>("--release") { Description = "Erases now what has been marked for a day, however many there are" };
        var command = new Command("erase", "Destroys a conversation for good: the message, the reply and its files. A tombstone and the record of who saw it stay. "
            + "What is past its retention is marked first, and erased a day later.") { conversation, reason, marked, undo, all, release };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (given, why) = (parsed.GetValue(conversation), parsed.Line(reason));
            var told = (given is not null, why is not null, parsed.GetValue(marked), parsed.GetValue(undo), parsed.GetValue(all), parsed.GetValue(release));
            await using var scope = services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<Actor>().Name = "operator";
            var marks = ActivatorUtilities.CreateInstance<MarkedErasures>(scope.ServiceProvider);
            var answer = told switch
            {
                (true, true, false, false, false, false) when Ids.Parse(given) is { } id && why != "" => await EraseAsync(scope.ServiceProvider, id, why!, cancellation),
                (false, false, true, false, false, false) => new(await marks.ListAsync(cancellation)),
                (true, false, false, true, false, false) when Ids.Parse(given) is { } id => await marks.KeepAsync(id, cancellation),
                (false, false, false, true, true, false) => await marks.KeepAllAsync(cancellation),
                (false, false, false, false, false, true) => await marks.ReleaseAsync(cancellation),
                _ => new([], "Nothing was erased: give a conversation's id of 32 digits, and a reason. Or --marked, --undo with an id or --all, or --release."),
            };
            foreach (var line in answer.Lines)
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            if (answer.Problem is { } problem)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
            return answer.Problem is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<Answer> EraseAsync(IServiceProvider services, Guid id, string reason, CancellationToken cancellation)
    {
        var (keyring, now) = (services.GetRequiredService<Keyring>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        var order = new ErasureOrder(id, reason, "operator", now).Sign(keyring);
        if (!await Erasure.EraseAsync(services.GetRequiredService<IDocumentSession>(), id, "operator", reason, order, now, cancellation))
            return new([], $"There is no conversation {id:N}, or it is erased already.");
        try
        {
            // It is queued too; but perhaps no process serves.
            await FinishErasingHandler.HandleAsync(new(id, order), services.GetRequiredService<IFileStore>(), keyring, cancellation);
            return new([$"erased\t{id:N}"]);
        }
        catch (FileStoreUnavailableException)
        {
            return new([], $"Conversation {id:N} is erased, but its files could not be deleted now. A serving process will, when the file store is back.");
        }
    }
}

/// <summary>What a command says.</summary>
/// <param name="Problem">What went wrong; null when nothing did.</param>
public sealed record Answer(IReadOnlyList<string> Lines, string? Problem = null);
