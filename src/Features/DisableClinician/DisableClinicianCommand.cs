using System.CommandLine;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.DisableClinician;

/// <summary><c>clinician disable</c>: for somebody who leaves. Every session ends at its next request; what is still open goes to a
/// colleague, and stops halfway are made good by running it again.</summary>
public sealed class DisableClinicianCommand : IOperatorCommand
{
    public string Group => "clinician";

    public Command Build(IServiceProvider services)
    {
        var email = new Argument<string>("email") { Description = "What they sign in with" };
        var to = new Option<string?>("--hand-over-to") { Description = "The email address of a colleague in the same practice, who gets the open conversations and alone can read them from then on" };
        var command = new Command("disable", "Ends a person's access at once. With open conversations (a reply can still come, or is not dealt with) it needs --hand-over-to. "
            + "Prints each conversation that was handed over.") { email, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            var problem = await RunAsync(scope.ServiceProvider, parsed.GetRequiredValue(email), parsed.GetValue(to), parsed.InvocationConfiguration.Output, cancellation);
            if (problem is not null)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
            return problem is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<string?> RunAsync(IServiceProvider services, string email, string? to, TextWriter output, CancellationToken cancellation)
    {
        services.GetRequiredService<Actor>().Name = "operator";
        var (documents, database) = (services.GetRequiredService<IDocumentSession>(), services.GetRequiredService<IDatabase>());
        var leaver = await documents.FindAsync<Clinician>(Clinician.LookupOf(email), cancellation);
        var colleague = to is null ? null : await documents.FindAsync<Clinician>(Clinician.LookupOf(to), cancellation);
        var open = leaver is null ? [] : await HandOver.OpenAsync(database, leaver.Id, cancellation);
        if (HandOver.Problem(email, leaver, to, colleague, open.Count) is { } problem)
            return problem;

        // First nobody can begin more; then what there is goes over.
        await DisableAsync(documents, leaver!.Id, cancellation);
        await output.WriteLineAsync($"disabled\t{leaver.Email}");
        open = await HandOver.OpenAsync(database, leaver.Id, cancellation);
        if (open.Count > 0 && colleague is null)
            return $"Meanwhile {leaver.Email} began {open.Count} conversations. Run this again with --hand-over-to.";
        var now = services.GetRequiredService<TimeProvider>();
        foreach (var id in open)
            if (await HandOver.RunAsync(documents, id, leaver, colleague!, now, cancellation))
                await output.WriteLineAsync($"handed-over\t{id:N}");
        return null;
    }

    private static Task<bool> DisableAsync(IDocumentSession documents, string id, CancellationToken cancellation) => documents.DecideAsync(async () =>
    {
        var clinician = (await documents.LoadAsync<Clinician>(id, cancellation))!;
        if (clinician.Disabled)
            return false;
        clinician.Disabled = true;
        // What they began to write is shown to nobody else.
        foreach (var draft in (await documents.ListAsync<MessageDraft>(cancellation)).Where(draft => draft.ClinicianId == id))
            documents.Delete(draft);
        documents.Store(clinician);
        documents.Audit("operator", "disabled clinician", id);
        await documents.SaveChangesAsync(cancellation);
        return true;
    });
}
