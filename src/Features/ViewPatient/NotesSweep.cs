using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ViewPatient;

/// <summary>Deletes notes that are past their practice's retention. Those of a practice that cannot be read stay.</summary>
public sealed class NotesSweep(IDatabase database, IDocumentSession documents, InstallationRules rules, IServiceScopeFactory scopes) : ISweep
{
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var days = (await documents.ListReadableAsync<Practice>(database, cancellation)).Found.ToDictionary(practice => practice.Id, practice => rules.Of(practice).RetentionDays);
        foreach (var notes in (await documents.ListReadableAsync<PatientNotes>(database, cancellation)).Found)
            if (days.TryGetValue(notes.PracticeId, out var most) && notes.Kept(most, now).Count < notes.Notes.Count)
                await TidyAsync(notes.Id, most, now, cancellation);
    }

    private async Task TidyAsync(string id, int? days, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        await session.DecideAsync(async () =>
        {
            // Somebody may have written or deleted one meanwhile.
            if (await session.LoadAsync<PatientNotes>(id, cancellation) is not { } notes || notes.Kept(days, now) is var kept && kept.Count == notes.Notes.Count)
                return false;
            if (kept.Count == 0)
                session.Delete(notes);
            else
                session.Store(notes with { Notes = kept });
            session.Audit("system", "deleted notes past retention", id, $"{notes.Notes.Count - kept.Count}");
            await session.SaveChangesAsync(cancellation);
            return true;
        });
    }
}
