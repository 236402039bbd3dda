using System.Globalization;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>About 200 made-up patients: NHS numbers from the test range 999, phone numbers from Ofcom's ranges for drama.</summary>
public static class SamplePatients
{
    public static IReadOnlyList<PatientRecord> Read()
    {
        using var stream = typeof(SamplePatients).Assembly.GetManifestResourceStream("sample-patients.csv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Patient)];
    }

    private static PatientRecord Patient(string line) => line.Split(',') switch
    {
        [var nhsNumber, var family, var given, var title, var born, var mobile, var deceased, var restricted] => new PatientRecord(
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
