using System.Collections.Concurrent;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SearchPatient;

/// <param name="At">When this clinician last messaged the patient.</param>
public sealed record RecentPatient(Patient Patient, DateTimeOffset At);

/// <summary>Whom a clinician messaged last. Every visit of the page reads it; while somebody types, it is what the last visit read.</summary>
public sealed class RecentPatients(TimeProvider time) : IDocumentSessionListener
{
    private const int Most = 10;

    /// <summary>The messages of a few days.</summary>
    private const int LookedAt = 200;

    /// <summary>Another copy of the process may have sent since.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    /// <summary>Of clinicians. With more, all is forgotten.</summary>
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<string, Kept> _kept = [];

    /// <summary>What is known while somebody types; null when it has to be asked.</summary>
    public IReadOnlyList<Messaged>? Known(Clinician clinician) =>
        _kept.TryGetValue(clinician.Id, out var kept) && time.GetUtcNow() - kept.At < KeptFor ? kept.Patients : null;

    /// <summary>The ten patients whom this clinician messaged last, newest first, each once; a message that was undone is none. Only the latest
    /// messages are looked at: a clinician may have thousands.</summary>
    public static Answer<IReadOnlyList<Messaged>> Ask(IReading reading, Clinician clinician) => reading.Query<Messaged>(
        """
        select patient, max(sent_at) as at from (
          select patient, sent_at from mt_doc_conversation_row where requester = @requester and status <> 'Undone' order by sent_at desc limit @LookedAt) latest
        group by patient order by max(sent_at) desc, patient limit @Most
        """, new { requester = clinician.Id, LookedAt, Most });

    public void Keep(Clinician clinician, IReadOnlyList<Messaged> messaged)
    {
        if (_kept.Count >= MostKept)
            _kept.Clear();
        _kept[clinician.Id] = new(messaged, time.GetUtcNow());
    }

    public void AfterCommit(IReadOnlyList<object> events)
    {
        foreach (var sent in events.OfType<MessageSent>())
            _kept.TryRemove(sent.RequesterId, out _);
    }

    /// <param name="Patient">The id.</param>
    public sealed record Messaged(string Patient, long At);

    private sealed record Kept(IReadOnlyList<Messaged> Patients, DateTimeOffset At);
}
