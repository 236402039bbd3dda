using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Web;

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

    /// <summary>There are too many to show, and these are those among them whom the clinician messaged lately.</summary>
    public bool OnlyRecent { get; init; }

    /// <summary>The name or number may be right and the date wrong: offer the search without it.</summary>
    public bool OffersWithoutDob { get; init; }

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
