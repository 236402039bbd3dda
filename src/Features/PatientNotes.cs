using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>What the staff of a practice noted about a patient, for each other: no page or message of the patient shows it. It is kept as long as
/// the practice keeps conversations.</summary>
/// <param name="Notes">The newest first.</param>
public sealed record PatientNotes(string Id, string PracticeId, IReadOnlyList<PatientNote> Notes) : IDocument
{
    /// <summary>Of one patient in one practice.</summary>
    public const int Most = 50;

    public static string IdOf(string practice, string patient) => $"{practice}/{patient}";

    /// <summary>Of one that may not be there yet.</summary>
    public static PatientNotes Of(PatientNotes? stored, Clinician clinician, string patient) =>
        stored ?? new(IdOf(clinician.PracticeId, patient), clinician.PracticeId, []);

    /// <summary>Those that are within the practice's retention.</summary>
    /// <param name="days">Null keeps them all.</param>
    public IReadOnlyList<PatientNote> Kept(int? days, DateTimeOffset now) =>
        days is { } most ? [.. Notes.Where(note => !TimeSpan.FromDays(most).HasPassed(note.At, now))] : Notes;

    public PatientNotes With(PatientNote note) => this with { Notes = [note, .. Notes] };

    public PatientNotes Without(PatientNote note) => this with { Notes = [.. Notes.Where(other => other.Id != note.Id)] };
}

/// <param name="Id">Made with the page that it was written on, so that a double click adds one.</param>
/// <param name="Author">Their name when they wrote it.</param>
public sealed record PatientNote(string Id, string AuthorId, string Author, string Text, DateTimeOffset At)
{
    public const int MostCharacters = 500;

    /// <summary>Who wrote it, and whoever manages the practice.</summary>
    public bool MayBeDeletedBy(Clinician clinician) => clinician.Id == AuthorId || clinician.IsManager;
}
