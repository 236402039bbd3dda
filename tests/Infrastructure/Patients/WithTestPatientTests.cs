using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class WithTestPatientTests
{
    private static readonly Clinician Alice = new() { TestMobile = "+447700900001" };
    private static readonly Patient Tessa =
        new("1", "Ms", "Tessa", "Payne", NhsNumber.Parse("9990000026"), new(1990, 5, 5), null, "", Deceased: false, Restricted: false, IsTest: false);

    [Theory]
    [InlineData("999 000 0018", null)]
    [InlineData("Test Patient", null)]
    [InlineData("patient, test", null)]
    [InlineData("Test", "1980-01-01")]
    [InlineData("", "1980-01-01")]
    [InlineData("Test 1980", null)]
    public async Task The_test_patient_leads_the_list_and_has_the_clinicians_own_number(string q, string? dob)
    {
        var found = await SearchAsync(q, dob, Alice, []);

        var test = Assert.Single(found!);
        Assert.True(test.IsTest);
        Assert.Equal(("Test Patient", new DateOnly(1980, 1, 1), "+447700900001"), (test.Name, test.DateOfBirth, test.Mobile!.Value.E164));
        Assert.Equal(test, await new WithTestPatient(new Listing(PatientsFound.None)).FindAsync(test.Id, Alice, CancellationToken.None));
    }

    [Theory]
    [InlineData("Tessa", null)]
    [InlineData("Test", "1980-01-02")]
    [InlineData("999 000 0026", null)]
    public async Task The_test_patient_stays_away_from_other_searches(string q, string? dob) =>
        Assert.Equal([Tessa], await SearchAsync(q, dob, Alice, [Tessa]));

    [Fact]
    public async Task A_name_can_mean_the_test_patient_and_others() =>
        Assert.Equal(["Test Patient", "Tessa Payne"], (await SearchAsync("te pa", null, Alice, [Tessa]))!.Select(patient => patient.Name));

    [Fact]
    public async Task Fifty_others_and_the_test_patient_are_too_many()
    {
        Assert.Equal(50, (await SearchAsync("te", null, Alice, [.. Enumerable.Repeat(Tessa, 49)]))!.Count);
        var found = await SearchAsync("te", null, Alice, [.. Enumerable.Repeat(Tessa, 50)]);
        Assert.Equal(("Test Patient", 50, true), (found[0].Name, found.Count, found.AndMore));
    }

    [Fact]
    public async Task A_clinician_who_set_no_test_mobile_finds_the_test_patient_without_a_number() =>
        Assert.Null(Assert.Single((await SearchAsync("9990000018", null, new Clinician(), []))!).Mobile);

    private static Task<PatientsFound> SearchAsync(string q, string? dob, Clinician clinician, IEnumerable<Patient> others) =>
        new WithTestPatient(new Listing(new(others))).SearchAsync(PatientQuery.Parse(q, dob), clinician, CancellationToken.None);

    private sealed class Listing(PatientsFound patients) : IPatientDirectory
    {
        public Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation) => Task.FromResult(patients);

        public Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) => Task.FromResult<Patient?>(null);
    }
}
