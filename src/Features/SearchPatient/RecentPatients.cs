using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SearchPatient;

/// <param name="At">When this clinician last messaged the patient.</param>
public sealed record RecentPatient(Patient Patient, DateTimeOffset At);

public static class RecentPatients
{
    private const int Most = 10;

    /// <summary>The ten patients whom this clinician messaged last, newest first, each once.</summary>
    public static async Task<IReadOnlyList<RecentPatient>> OfAsync(
        Clinician clinician, IDatabase database, IPatientDirectory patients, CancellationToken cancellation)
    {
        var messaged = await database.QueryAsync<Messaged>(
            "select patient, max(sent_at) as at from mt_doc_conversation_row where requester = @requester group by patient order by max(sent_at) desc, patient limit @Most",
            new { requester = clinician.Id, Most }, cancellation);
        var recent = new List<RecentPatient>();
        foreach (var last in messaged)
            if (await FindAsync(last.Patient) is { } found)
                recent.Add(new(found, Instant.From(last.At)));
        return recent;

        async Task<Patient?> FindAsync(string id)
        {
            try
            {
                return await patients.FindAsync(id, clinician, cancellation);
            }
            catch (DamagedException)
            {
                // Whoever searches for this patient is told.
                return null;
            }
        }
    }

    private sealed record Messaged(string Patient, long At);
}
