using System.Globalization;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>A made-up patient.</summary>
/// <param name="Mobile">As a record system might hold it: perhaps missing, perhaps not a mobile at all.</param>
/// <param name="Restricted">A sensitive record: whereabouts and numbers are not shown.</param>
public sealed record SamplePatient(
    NhsNumber NhsNumber,
    string FamilyName,
    string GivenName,
    string Title,
    DateOnly DateOfBirth,
    string? Mobile,
    bool Deceased,
    bool Restricted);

/// <summary>About 200 made-up patients: NHS numbers from the test range 999, phone numbers from Ofcom's ranges for drama.</summary>
public static class SamplePatients
{
    public static IReadOnlyList<SamplePatient> Read()
    {
        using var stream = typeof(SamplePatients).Assembly.GetManifestResourceStream("sample-patients.csv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Patient)];
    }

    private static SamplePatient Patient(string line) => line.Split(',') switch
    {
        [var nhsNumber, var family, var given, var title, var born, var mobile, var deceased, var restricted] => new SamplePatient(
            NhsNumber.Parse(nhsNumber),
            family,
            given,
            title,
            DateOnly.ParseExact(born, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            mobile == "" ? null : mobile,
            deceased == "true",
            restricted == "true"),
        _ => throw new FormatException("A line of sample-patients.csv does not have eight columns."),
    };
}
