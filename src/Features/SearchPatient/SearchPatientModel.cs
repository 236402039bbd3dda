using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SearchPatient;

/// <summary>What stands in the boxes.</summary>
/// <param name="Dob">As a date field wants it, yyyy-MM-dd, where it is a date.</param>
public sealed record Typed(string Q, string Dob);

/// <param name="Heading">What was found, in a few words; null where nothing was looked for.</param>
/// <param name="Advice">What to do next.</param>
public sealed record SearchPatientModel(Typed Typed, string? Heading, string? Advice)
{
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    public IReadOnlyList<FoundPatient> Found { get; init; } = [];

    /// <summary>The first visit: nothing was typed yet.</summary>
    public bool IsFirstVisit { get; init; }

    /// <summary>Who has a name like the one that was typed.</summary>
    public IReadOnlyList<FoundPatient> Similar { get; init; } = [];

    /// <summary>Records that were found and are damaged.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>The search that the address names was kept too long ago, or in another session.</summary>
    public bool IsOver { get; init; }

    /// <summary>The name or number may be right and the date wrong: offer the search without it.</summary>
    public string? WithoutDob { get; init; }

    /// <summary>The one patient who can be meant; null where it may be another.</summary>
    public Patient? OnlyOne => Heading is not null && Similar.Count == 0 && Unreadable.Count == 0 && Found is [var only] ? only.Patient : null;

    public bool ShowsSomebody => Heading is not null && Found.Count + Similar.Count > 0;

    /// <summary>What people who cannot see the page hear of the result.</summary>
    public string? Status => Similar.Count == 0 ? Heading : $"{Heading}, and {Similar.Count} with {(Similar.Count == 1 ? "a similar name" : "similar names")}";

    /// <summary>Of the page; its name stands behind it.</summary>
    public string Title => Heading is null ? "Find a patient" : $"{Heading} – Find a patient";

    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.Field == field)?.Message;
}

/// <param name="Obstacle">Why no message can go to this patient and what to do; null where one can.</param>
public sealed record FoundPatient(Patient Patient, string? Obstacle)
{
    /// <summary>When the clinician last messaged this patient, if that was lately.</summary>
    public DateTimeOffset? MessagedAt { get; init; }

    /// <summary>Only the clinician can mend this one, in their own account.</summary>
    public bool NeedsTestMobile => Obstacle is not null && Patient.IsTest;
}

/// <param name="Caption">What those who cannot see the table hear of it.</param>
public sealed record PatientTable(IReadOnlyList<FoundPatient> Patients, string Caption = "Patients found");
