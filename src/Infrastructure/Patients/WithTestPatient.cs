using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>Adds the test patient, whom every clinician can message on a phone of their own, to any directory.</summary>
public sealed class WithTestPatient(IPatientDirectory directory) : IPatientDirectory
{
    public const string TestPatientId = "test";

    public async Task<IReadOnlyList<Patient>?> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation)
    {
        var test = Of(clinician);
        if (query is PatientQuery.ByNhsNumber byNumber && byNumber.NhsNumber == test.NhsNumber)
            return [test];
        var found = await directory.SearchAsync(query, clinician, cancellation);
        if (found is null || query is not PatientQuery.ByName byName || !Matches(byName, test))
            return found;
        return found.Count == PatientDirectory.MostMatches ? null : [test, .. found];
    }

    public async Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) =>
        id == TestPatientId ? Of(clinician) : await directory.FindAsync(id, clinician, cancellation);

    /// <summary>Nobody is harmed by the name of the test patient.</summary>
    public Task<IReadOnlyList<string>> KnownNamesAsync(IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation) =>
        directory.KnownNamesAsync(fullNames, clinician, cancellation);

    private static bool Matches(PatientQuery.ByName query, Patient test) =>
        PatientName.Matches(PatientName.SearchKey(test.GivenName, test.FamilyName), query) && (query.Dob is null || query.Dob == test.DateOfBirth);

    private static Patient Of(Clinician clinician)
    {
        var hasMobile = UkMobile.TryParse(clinician.TestMobile, out var mobile, out _);
        return new(TestPatientId, "", "Test", "Patient", NhsNumber.Parse("9990000018"), new DateOnly(1980, 1, 1),
            hasMobile ? mobile : null, "", Deceased: false, Restricted: false, IsTest: true);
    }
}
