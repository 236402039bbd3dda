using System.Collections.ObjectModel;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Infrastructure.Patients;

/// <param name="Id">Opaque: it may stand in addresses and logs.</param>
/// <param name="Mobile">Null when there is none that we may text; <paramref name="MobileProblem"/> says why.</param>
/// <param name="Restricted">A sensitive record: no contact details are known and no message may go.</param>
public sealed record Patient(
    string Id, string Title, string GivenName, string FamilyName, NhsNumber NhsNumber, DateOnly DateOfBirth,
    UkMobile? Mobile, string MobileProblem, bool Deceased, bool Restricted, bool IsTest)
{
    /// <summary>Since when this patient is not on the practice's list any more; null while they are.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>What to know before messaging this patient; null when there is nothing.</summary>
    public string? Warning => MissingSince is null ? null : "Not on the current list – check before you message";

    public string Name => $"{GivenName} {FamilyName}".Trim();

    /// <summary>How a message greets the patient. Some people have one name only.</summary>
    public string GreetingName => GivenName == "" ? FamilyName : GivenName;

    /// <summary>All that is missing is a number, which a clinician may type for one conversation. The test patient has one for each of them.</summary>
    public bool NeedsNumber => this is { Deceased: false, Restricted: false, Mobile: null, IsTest: false };

    /// <summary>Why this patient cannot be messaged and what to do; null when they can. The gravest reason comes first.</summary>
    public string? Obstacle => this switch
    {
        { Deceased: true } => "This patient has died. No message can be sent.",
        { Restricted: true } => "This is a sensitive record. Contact details are not shown and no message can be sent from here.",
        { Mobile: not null } => null,
        { IsTest: true } => "Set the mobile number that you use for the test patient.",
        // What follows its first sentence tells a person who types a number what to type.
        { MobileProblem.Length: > 0 } => $"The number on record cannot be texted. {MobileProblem.Split(". ")[0]}. Ask the patient for a mobile number and add it to the record.",
        _ => "There is no mobile number on record. Ask the patient for one and add it to the record.",
    };
}

/// <summary>The patients that a search found, in the order to show them.</summary>
public sealed class PatientsFound(IEnumerable<Patient> matches) : ReadOnlyCollection<Patient>([.. matches])
{
    public static PatientsFound None { get; } = new([]);

    /// <summary>These are the first <see cref="PatientDirectory.MostMatches"/>, and there are more.</summary>
    public bool AndMore { get; init; }

    /// <summary>Who has a name like the one that was searched for, the likest first.</summary>
    public IReadOnlyList<Patient> Similar { get; init; } = [];

    /// <summary>Records that were found and are damaged, as <c>patient/id</c>.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}

/// <summary>Where patients are found: the local list, or the NHS Personal Demographics Service.</summary>
public interface IPatientDirectory
{
    Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation);

    /// <summary>Null when the clinician's practice has no such patient.</summary>
    /// <exception cref="Storage.DamagedException">Its record cannot be read.</exception>
    Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation);

    /// <summary>Those of the full names ("Jane Smith") that a patient of the clinician's practice has; none where a directory cannot tell.</summary>
    Task<IReadOnlyList<string>> KnownNamesAsync(IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>A search, and other patients by their ids, for a directory that answers both at once.</summary>
    async Task<(PatientsFound Found, IReadOnlyList<Patient> Others)> SearchAsync(
        PatientQuery query, IReadOnlyList<string> others, Clinician clinician, CancellationToken cancellation)
    {
        var (found, known) = (await SearchAsync(query, clinician, cancellation), new List<Patient>());
        foreach (var id in others)
            if (await FindAsync(id, clinician, cancellation) is { } one)
                known.Add(one);
        return (found, known);
    }

    /// <summary>A patient, and which full names patients have, for a directory that answers both at once.</summary>
    async Task<(Patient? Patient, IReadOnlyList<string> KnownNames)> FindAsync(
        string id, IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation) =>
        (await FindAsync(id, clinician, cancellation), await KnownNamesAsync(fullNames, clinician, cancellation));
}

public static class PatientDirectory
{
    /// <summary>As many as are shown of those found.</summary>
    public const int MostMatches = 50;

    public const int MostSimilar = 10;
}
