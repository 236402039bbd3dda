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
    public string Name => $"{GivenName} {FamilyName}".Trim();
}

/// <summary>Where patients are found: the local list, or the NHS Personal Demographics Service.</summary>
public interface IPatientDirectory
{
    /// <summary>The patients that match; null when there are more than <see cref="PatientDirectory.MostMatches"/>.</summary>
    Task<IReadOnlyList<Patient>?> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation);

    /// <summary>Null when the clinician's practice has no such patient.</summary>
    Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation);
}

public static class PatientDirectory
{
    /// <summary>As the Personal Demographics Service: more matches than these are no answer.</summary>
    public const int MostMatches = 50;
}
