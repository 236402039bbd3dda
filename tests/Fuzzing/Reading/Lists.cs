using System.Text;
using PatientResponse.Features.ImportPatients;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Patients.Names;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>A practice's list of patients, and what is searched in it.</summary>
internal static class Lists
{
    private const string Header = "NHS number,Given name,Family name,Date of birth,Mobile";
    private const string Row = "9990000018,Zoë,Lee,1980-03-31,07700 900123";
    private static readonly DateOnly Today = new(2026, 11, 20);
    private static readonly NameList Patients = new([.. new[] { ("Zoë", "Smith"), ("Fiona", "Mc Cann"), ("Liam", "O’Brien"), ("Mohammed", "al-Khan"), ("Ngọc Ánh", "d’Souza van den Berg") }
        .Select((name, number) => (new Guid(number, 0, 0, new byte[8]).ToString("N"), PatientName.SearchKey(name.Item1, name.Item2)))]);

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("patient-list", CheckList, ListSamples, "\r\n", "\"", "\"\"", ",", ";", "\t", "NHS number", "Given name", "Family name", "Date of birth", "Mobile", "Title", "Deceased", "Restricted", "9990000018", "1980-03-31", "31/03/1980", "31-Sept-1980",
            "07700 900123", "+44", "\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF", "\xE9", "\xC3\xA9", "yes"),
        new("patient-search", CheckSearch, SearchSamples, "999 000 0018", "O'Brien", "SMITH, Jane", "(Ms)", "1980-03-31", "20/02/1967", "20 Feb 1967", "\xE2\x80\x99", "\xC2\xA0", "\xCC\x81", "\xEF\xBC\x91"),
    ];

    private static void CheckList(byte[] bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), $"fuzzed-list-{Environment.ProcessId}");
        File.WriteAllBytes(path, bytes);
        try
        {
            var file = PatientFile.OpenAsync(path, default).GetAwaiter().GetResult();
            Promise.That(file.Encoding is "UTF-8" or "UTF-16" or "Windows-1252", "An encoding is one that we name.");
            var lines = file.Lines().ToList();
            Promise.That(lines.Zip(lines.Skip(1)).All(pair => pair.First.Number < pair.Second.Number), "Lines are counted upwards.");
            if (lines.FirstOrDefault()?.Cells is not { } header || PatientColumns.Read(header, out _) is not { } columns) return;
            foreach (var line in lines.Skip(1))
                if (line.Cells is not null) CheckRow(PatientRow.Read(columns, line.Cells, Today));
            var list = CheckedFile.Read(file, columns, Today, _ => { });
            var patients = list.Patients().ToList();
            Promise.That(patients.DistinctBy(patient => patient.NhsNumber).Count() == patients.Count, "Nobody is on a list twice.");
            Promise.That(patients.Count + list.Bad.Count == lines.Count - 1, "Every row is taken, or reported.");
        }
        catch (InvalidDataException)
        {
            // From some line on it cannot be read.
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void CheckRow(PatientRow row)
    {
        if (row.Mistake != "") return;
        var patient = row.Patient;
        Promise.That(row.HasNumber && NhsNumber.TryParse(patient.NhsNumber.Value, out _, out _), "A patient has a valid NHS number.");
        Promise.That(patient.DateOfBirth.Year >= 1880 && patient.DateOfBirth <= Today, "A patient was born, and not too long ago.");
        Promise.That(patient.GivenName + patient.FamilyName != "", "A patient has a name.");
        Promise.That(row.CanBeTexted == UkMobile.TryParse(patient.Mobile, out _, out _), "A number that can be texted is a mobile's.");
        foreach (var text in new[] { patient.GivenName, patient.FamilyName, patient.Title, patient.Mobile ?? "" })
            Promise.That(text.Length <= 100 && !text.Any(char.IsControl), "What a patient is called is short, and on one line.");
    }

    private static void CheckSearch(byte[] bytes)
    {
        var lines = Bytes.Lines(bytes, 2);
        switch (PatientQuery.Parse(lines[0], lines[1]))
        {
            case PatientQuery.Mistaken mistaken:
                Promise.That(mistaken.Message != "", "A mistake says what to mend.");
                break;
            case PatientQuery.ByName byName:
                Promise.That(byName.Tokens.All(token => token != ""), "A name is made of words.");
                Promise.That(!Patients.Find(byName).Select(hit => hit.Id).Intersect(Patients.FindSimilar(byName, 10).Select(hit => hit.Id)).Any(), "Who has the name is not like it besides.");
                Promise.That(PatientName.Matches(PatientName.SearchKey("", byName.Normalised), byName), "A patient with just that name is found.");
                break;
            case PatientQuery.ByBirth byBirth:
                Promise.That(byBirth.Born.Text != "" && byBirth.Born.Days().Any(), "A date that is searched is in the calendar.");
                break;
            case PatientQuery.ByNhsNumber byNumber:
                Promise.That(NhsNumber.TryParse(byNumber.NhsNumber.Value, out var same, out _) && same == byNumber.NhsNumber, "A number that is searched is valid.");
                break;
        }
    }

    private static IEnumerable<byte[]> ListSamples() =>
    [
        Bytes.Of($"{Header}\r\n{Row}\r\n"), Encoding.Latin1.GetBytes($"{Header}\n{Row}\n"), Encoding.BigEndianUnicode.GetBytes($"\uFEFF{Header}\n{Row}\n"),
        Bytes.Of($"{Header.Replace(',', ';')};Title;Deceased;Restricted\n\n9990000018;\"O\"\"Neill; A\";\"Two\nlines\";31/03/1980;;Ms;yes;no\n;;;;;;;\n"),
        Bytes.Of($"{Header.Replace(',', '\t')}\n{Row.Replace(',', '\t').Replace("1980-03-31", "31-Mar-1980", StringComparison.Ordinal)}\n\"never closed"),
        [.. Bytes.Of($"{Header}\n{Row}\n"), 0xE9, .. Bytes.Of(Row)],
    ];

    private static IEnumerable<byte[]> SearchSamples() =>
        new[] { "999 000 0018\n", "SMITH, Zoë (Ms)\n1980-03-31", "O’Brien\n31/3/1980", "khan 1967\n", "20 Feb 1967\n", "Mc Cann\n", "", "Ngọc-Ánh d’Souza\n2026-02-30" }.Select(Bytes.Of);
}
