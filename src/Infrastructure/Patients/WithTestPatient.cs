using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>Adds the test patient, whom every clinician can message on a phone of their own, to any directory.</summary>
public sealed class WithTestPatient(IPatientDirectory directory) : IPatientDirectory
{
    public const string TestPatientId = "test";

    public async Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation) =>
        (await SearchAsync(query, [], clinician, cancellation)).Found;

    public async Task<(PatientsFound Found, IReadOnlyList<Patient> Others)> SearchAsync(
        PatientQuery query, IReadOnlyList<string> others, Clinician clinician, CancellationToken cancellation)
    {
        var test = Of(clinician);
        var isTest = query is PatientQuery.ByNhsNumber byNumber && byNumber.NhsNumber == test.NhsNumber;
        var (found, known) = await directory.SearchAsync(
            isTest ? new PatientQuery.Empty() : query, [.. others.Where(id => id != TestPatientId)], clinician, cancellation);
        if (others.Contains(TestPatientId))
            known = [.. known, test];
        return isTest ? (new([test]), known) : Matches(query, test)
            ? (new(found.Prepend(test).Take(PatientDirectory.MostMatches)) { AndMore = found.AndMore || found.Count == PatientDirectory.MostMatches, Similar = found.Similar, Unreadable = found.Unreadable }, known)
            : (found, known);
    }

    public async Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) =>
        id == TestPatientId ? Of(clinician) : await directory.FindAsync(id, clinician, cancellation);

    /// <summary>Nobody is harmed by the name of the test patient.</summary>
    public Task<IReadOnlyList<string>> KnownNamesAsync(IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation) =>
        directory.KnownNamesAsync(fullNames, clinician, cancellation);

    public async Task<(Patient? Patient, IReadOnlyList<string> KnownNames)> FindAsync(
        string id, IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation) =>
        id == TestPatientId ? (Of(clinician), await KnownNamesAsync(fullNames, clinician, cancellation)) : await directory.FindAsync(id, fullNames, clinician, cancellation);

    private static bool Matches(PatientQuery query, Patient test) => query switch
    {
        PatientQuery.ByName by => PatientName.Matches(PatientName.SearchKey(test.GivenName, test.FamilyName), by) && by.Dob?.Contains(test.DateOfBirth) != false,
        PatientQuery.ByBirth by => by.Born.Contains(test.DateOfBirth),
        _ => false,
    };

    private static Patient Of(Clinician clinician)
    {
        var hasMobile = UkMobile.TryParse(clinician.TestMobile, out var mobile, out _);
        return new(TestPatientId, "", "Test", "Patient", NhsNumber.Parse("9990000018"), new DateOnly(1980, 1, 1),
            hasMobile ? mobile : null, "", Deceased: false, Restricted: false, IsTest: true);
    }
}
