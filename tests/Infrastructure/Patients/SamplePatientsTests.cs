using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class SamplePatientsTests
{
    private static readonly IReadOnlyList<PatientRecord> Patients = SamplePatients.Read();

    [Fact]
    public void There_are_about_200() => Assert.InRange(Patients.Count, 190, 220);

    [Fact]
    public void No_NHS_number_repeats_or_could_be_a_real_persons_or_the_test_patients()
    {
        Assert.Equal(Patients.Count, Patients.Select(p => p.NhsNumber).Distinct().Count());
        Assert.All(Patients, p => Assert.StartsWith("999", p.NhsNumber.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(NhsNumber.Parse("9990000018"), Patients.Select(p => p.NhsNumber));
    }

    [Fact]
    public void Phone_numbers_are_for_drama_only() =>
        Assert.All(
            Patients.Where(p => p.Mobile is not null),
            p => Assert.Matches("^(07700 900[0-9]{3}|020 7946 0[0-9]{3})$", p.Mobile));

    [Fact]
    public void Each_state_of_a_patient_can_be_tried()
    {
        Assert.Equal(3, Patients.Count(p => p.Mobile is not null && !UkMobile.TryParse(p.Mobile, out _, out _)));
        Assert.InRange(Patients.Count(p => p is { Mobile: null, Restricted: false, Deceased: false }), 10, 14);
        Assert.Equal(4, Patients.Count(p => p.Deceased));
        Assert.Equal(4, Patients.Count(p => p is { Restricted: true, Mobile: null }));
        Assert.Equal(4, Patients.Count(p => p.Restricted));
    }

    [Theory]
    [InlineData("Smith", 12, 50)]
    [InlineData("jo", 51, 100)]
    [InlineData("David Smith", 2, 2)]
    public void Searches_of_every_size_can_be_tried(string name, int least, int most)
    {
        var query = Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse(name, null));
        Assert.InRange(Patients.Count(p => PatientName.Matches(PatientName.SearchKey(p.GivenName, p.FamilyName), query)), least, most);
    }

    [Fact]
    public void Nobody_is_born_impossibly_and_one_is_over_100()
    {
        Assert.All(Patients, p => Assert.InRange(p.DateOfBirth, new DateOnly(1910, 1, 1), new DateOnly(2024, 1, 1)));
        Assert.Contains(Patients, p => p.DateOfBirth.Year < 1925);
        Assert.Contains(Patients, p => p.DateOfBirth.Year > 2018);
    }
}
