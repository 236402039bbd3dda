using System.Text;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ImportPatients;

/// <summary>The operator imports the demo practice's list; Alice sees what came of it.</summary>
public sealed class ImportPatientsTests : IAsyncLifetime
{
    private const string Header = "NHS Number,Forename,Surname,DOB,Mobile\n";
    private const string Jane = "999 000 0026,Jane,Import,31/03/1980,07700 900123\n";
    private const string Mary = "999 000 0034,Mary,Import,1981-04-01,07700 900124\n";
    private readonly string _file = Path.GetTempFileName();
    private TestApp _app = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_list_is_loaded_and_the_same_again_changes_nothing()
    {
        await StartAsync();
        Assert.Equal((0, "2 added, 0 changed, 0 back on the list, 0 unchanged, 0 no longer on the list; 0 bad rows left out.", "Saving"), await ImportAsync(Header + Jane + Mary));
        Assert.Equal(
            (0, "0 added, 0 changed, 0 back on the list, 2 unchanged, 0 no longer on the list; 0 bad rows left out. Nothing has changed.", "Saving"),
            await ImportAsync(Header + Mary + Jane));
        var audit = await _app.WithAsync<IDatabase, IReadOnlyList<string>>(database =>
            database.QueryAsync<string>("select actor || ': ' || action || ' ' || subject || ': ' || detail from audit where subject = 'riverside' and action like 'import%' order by id", null, CancellationToken.None));
        Assert.Equal("operator: imported patients riverside: 2 added, 0 changed, 0 returned, 0 unchanged, 0 missing", audit[0]);
        Assert.Equal(2, audit.Count);
    }

    [Fact]
    public async Task Who_is_missing_from_a_newer_list_is_marked_and_returns_with_a_later_one()
    {
        await StartAsync();
        await ImportAsync(Header + Jane + Mary);

        var refused = await ImportAsync(Header + Jane.Replace("900123", "900999", StringComparison.Ordinal));
        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.Contains("Nothing was changed. 1 of 2 patients are not in this file", refused.Error, StringComparison.Ordinal);
        Assert.Equal("+447700900123", (await FindAsync("9990000026")).Mobile!.Value.E164);

        Assert.StartsWith("0 added, 1 changed, 0 back on the list, 0 unchanged, 1 no longer",
            (await ImportAsync(Header + Jane.Replace("900123", "900999", StringComparison.Ordinal), "--allow-missing")).Output, StringComparison.Ordinal);
        Assert.Equal("+447700900999", (await FindAsync("9990000026")).Mobile!.Value.E164);
        Assert.Null((await FindAsync("9990000026")).Warning);
        Assert.Equal("Not on the current list – check before you message", (await FindAsync("9990000034")).Warning);

        Assert.StartsWith("0 added, 1 changed, 1 back on the list, 0 unchanged, 0 no longer", (await ImportAsync(Header + Jane + Mary)).Output, StringComparison.Ordinal);
        Assert.Null((await FindAsync("9990000034")).Warning);
    }

    [Fact]
    public async Task A_file_with_bad_rows_loads_nothing_and_they_are_listed_by_line_without_what_they_say()
    {
        await StartAsync();
        var file = Header + Jane + "\n\"999 000 0034\",\"Mary\nAnn\",Secret,1981-04-01,\n999 000 0035,Secret,Secret,1981-04-01,\n" + Jane + "x \"Secret\" y,1\n";

        var refused = await ImportAsync(file);

        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.Equal(
            "Line 6: NHS number: the check digit is wrong\nLine 7: NHS number: the same as in line 2\nLine 8: a quotation mark in the wrong place\n" +
            "Nothing was changed. 3 of 5 rows cannot be read. Mend them, or leave them out with --skip-bad-rows.",
            refused.Error.ReplaceLineEndings("\n"));
        Assert.Equal(0, await CountAsync());
        Assert.StartsWith("2 added", (await ImportAsync(file, "--skip-bad-rows")).Output, StringComparison.Ordinal);
        Assert.Equal("Mary Ann Secret", (await FindAsync("9990000034")).Name);
    }

    [Fact]
    public async Task A_wrong_byte_changes_no_other_row_and_is_told_of_by_its_line()
    {
        await StartAsync();
        var bytes = Encoding.UTF8.GetBytes(Header + "999 000 0026,Zoë,Lee,31/03/1980,\n999 000 0034,Łukasz,Lee,1981-04-01,\n999 000 0042,Mar#a,Lee,1981-04-01,\n");
        bytes[Array.IndexOf(bytes, (byte)'#')] = 0xED;
        await File.WriteAllBytesAsync(_file, bytes);

        var refused = await _app.CommandAsync("patients", "import", _file, "--practice", "riverside");
        Assert.Equal(1, refused.Exit);
        Assert.StartsWith("Line 4: Given name: a byte that is no letter\n", refused.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(0, (await _app.CommandAsync("patients", "import", _file, "--practice", "riverside", "--skip-bad-rows")).Exit);
        Assert.Equal("Zoë Lee", (await FindAsync("9990000026")).Name);
        Assert.Equal("Łukasz Lee", (await FindAsync("9990000034")).Name);
    }

    [Fact]
    public async Task Empty_rows_one_name_and_what_spreadsheets_add_are_no_mistakes()
    {
        await StartAsync();
        var file = "sep=;\r\n\r\nNHS NUMBER ;\"Given Name\";Family name;Date of Birth;Mobile\r\n"
            + "=\"9990000026\";Jane;\"Import\";05-Sept-1980;=\"07700900123\"\r\n;;;;\r\n , , ,\r\n\r\n\"999 000 0034\";;Sukarno;03/04/1961;'07700 900124\r\n;;;;\r\n\u001A";

        Assert.Equal((0, "2 added, 0 changed, 0 back on the list, 0 unchanged, 0 no longer on the list; 0 bad rows left out.", "Saving"), await ImportAsync(file));
        Assert.Equal(("Jane Import", new DateOnly(1980, 9, 5)), ((await FindAsync("9990000026")).Name, (await FindAsync("9990000026")).DateOfBirth));
        Assert.Equal(("Sukarno", "Sukarno", "+447700900124"), (
            (await FindAsync("9990000034")).Name, (await FindAsync("9990000034")).GreetingName, (await FindAsync("9990000034")).Mobile!.Value.E164));
    }

    [Fact]
    public async Task Numbers_that_cannot_be_texted_are_told_of_by_line_and_counted()
    {
        await StartAsync();
        var result = await ImportAsync(Header + Jane + "999 000 0034,Mary,Import,1981-04-01,7.7E+09\n999 000 0042,Ann,Import,1981-04-01,07700 900123 (wife)\n999 000 0069,Bob,Import,1981-04-01,\n");
        Assert.Equal(0, result.Exit);
        Assert.Equal(
            "Line 3: Mobile: cannot be texted: a spreadsheet has shortened the number\nLine 4: Mobile: the number was taken, and what stands beside it left out\nSaving",
            result.Error.ReplaceLineEndings("\n"));
        Assert.EndsWith("0 bad rows left out. 2 patients have no number that can be texted.", result.Output, StringComparison.Ordinal);
        Assert.Equal("+447700900123", (await FindAsync("9990000042")).Mobile!.Value.E164);
        Assert.StartsWith("The number on record cannot be texted.", (await FindAsync("9990000034")).Obstacle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("999 000 0034,Mary,Imp?rt,1981-04-01,07700 900124\n", true)]
    [InlineData("999 000 0034,Mary,Import,1981-04-31,07700 900124\n", true)]
    [InlineData("9.99E+09,Mary,Import,1981-04-01,07700 900124\n", true)]
    [InlineData("999 000 0034,Mary,Import,1981-04-01,07700 900124\n999 000 0034,Mary,Import,1981-04-01,07700 900999\n", true)]
    [InlineData("x \"Mary\" y,1\n", false)]
    public async Task A_bad_row_takes_nobody_off_the_list_and_they_are_told_of(string row, bool isTold)
    {
        await StartAsync();
        await ImportAsync(Header + Jane + Mary);
        await ImportAsync(Header + Jane, "--allow-missing");
        Assert.NotNull((await FindAsync("9990000034")).Warning);
        await ImportAsync(Header + Jane + Mary);

        var result = await ImportAsync(Header + Jane + row, "--skip-bad-rows", "--allow-missing");

        Assert.Equal(0, result.Exit);
        var mary = await FindAsync("9990000034");
        Assert.Equal((null, "Mary Import", "+447700900124"), (mary.Warning, mary.Name, mary.Mobile!.Value.E164));
        Assert.Contains(
            isTold ? $"Line 3: this patient is on the list and stays as before: /patients/{mary.Id}/message"
                : "Nobody is marked as no longer on the list: of 1 row it cannot be told whose it is.", result.Error, StringComparison.Ordinal);
        Assert.Contains("0 no longer on the list", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 patient stays as before, because of bad rows.", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Mary", result.Error + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_patient_twice_with_other_details_neither_row_is_taken()
    {
        await StartAsync();
        var refused = await ImportAsync(Header + Jane + Mary + Jane.Replace("900123", "900999", StringComparison.Ordinal));
        Assert.Equal(
            "Line 4: NHS number: the same as in line 2, with other details\nLine 2: NHS number: the same as in line 4, with other details\n"
            + "Nothing was changed. 2 of 3 rows cannot be read. Mend them, or leave them out with --skip-bad-rows.", refused.Error.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("utf-8", ",", "")]
    [InlineData("utf-8 with BOM", ";", "")]
    [InlineData("windows-1252", "\t", "The file is not UTF-8. It is read as Windows-1252.")]
    [InlineData("utf-16", "\t", "The file is not UTF-8. It is read as UTF-16.")]
    [InlineData("utf-16 without BOM", "|", "The file is not UTF-8. It is read as UTF-16.")]
    [InlineData("utf-16 big", ",", "The file is not UTF-8. It is read as UTF-16.")]
    public async Task Accents_arrive_whole_from_any_encoding_with_any_separator(string encoding, string separator, string told)
    {
        await StartAsync();
        var text = (Header + "999 000 0026,Zoë,Müller–García,31-Mar-1980,\n").Replace(",", separator, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(_file, encoding switch
        {
            "utf-8" => Encoding.UTF8.GetBytes(text),
            "utf-8 with BOM" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
            "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
            "utf-16 without BOM" => Encoding.Unicode.GetBytes(text),
            "utf-16 big" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
            _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text),
        });

        var (exit, _, error) = await _app.CommandAsync("patients", "import", _file, "--practice", "riverside");

        Assert.Equal((0, (told + "\nSaving").Trim()), (exit, error.ReplaceLineEndings("\n")));
        Assert.Equal("Zoë Müller–García", (await FindAsync("9990000026")).Name);
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("9990000026,Jane,Secret,1980-03-31,\n", "The first line has to name the columns")]
    [InlineData(Header, "The file has no patients")]
    [InlineData(Header + Jane + "\"999 000 0034,never closed", "Line 3")]
    public async Task A_file_that_is_no_list_is_refused(string text, string words)
    {
        await StartAsync();
        var refused = await ImportAsync(text.EndsWith("never closed", StringComparison.Ordinal) ? text + new string('x', 20_000) : text);
        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_practice_or_a_file_that_is_not_there_is_told_of()
    {
        await StartAsync();
        Assert.Contains("no practice nowhere", (await _app.CommandAsync("patients", "import", _file, "--practice", "nowhere")).Error, StringComparison.Ordinal);
        var (exit, _, error) = await _app.CommandAsync("patients", "import", "/no/such/file.csv", "--practice", "riverside");
        Assert.Equal((1, "Nothing was changed. There is no such file."), (exit, error));
    }

    [Fact]
    public async Task Alice_is_warned_of_a_patient_who_is_no_longer_on_the_list_and_may_still_write()
    {
        await StartAsync();
        await _app.CommandAsync("patients", "import", await WriteAsync(Header + Jane), "--practice", "demo", "--allow-missing");
        var alice = await _app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?q=9992091452");
        Assert.Contains("Not on the current list – check before you message", page.Text, StringComparison.Ordinal);
        page = await alice.GetAsync(page.Html.QuerySelector("#results a")!.GetAttribute("href")!);
        Assert.Contains("Not on the current list – check before you message", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Html.QuerySelector("#compose"));
        Assert.DoesNotContain("Not on the current list", (await alice.GetAsync("/patients?q=9990000026")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_one_name_is_found_and_greeted_by_it()
    {
        await StartAsync();
        await _app.CommandAsync("patients", "import", await WriteAsync(Header + "999 000 0026,,Sukarno,31/03/1980,07700 900123\n"), "--practice", "demo", "--allow-missing");
        var alice = await _app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?q=sukarno");
        page = await alice.GetAsync(page.Html.QuerySelector("#results a")!.GetAttribute("href")!);
        await alice.SubmitAsync("#compose", ("text", "Please ring us."));
        await _app.DoQueuedWorkAsync();

        Assert.StartsWith("Dear Sukarno,\n\nPlease ring us.", _app.SentTexts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_finds_the_demo_practice_finds_its_patients()
    {
        var held = new HeldSave();
        held.HoldNext(statement => Equals(statement.Parameters.GetValueOrDefault("type"), "Practice"));
        _app = new() { IsNew = true, Replace = held.Use };
        var starting = Task.Run(() => _app.Services);
        await held.Reached;
        var patients = await _app.BesideAsync(database => database.CountAsync("patients"));
        held.Release();
        await starting;
        Assert.Equal(SamplePatients.Read().Count, patients);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        File.Delete(_file);
    }

    private async Task StartAsync()
    {
        _app = new();
        await _app.CommandAsync("practice", "set", "riverside", "--name", "Riverside Surgery");
    }

    private async Task<string> WriteAsync(string text)
    {
        await File.WriteAllTextAsync(_file, text);
        return _file;
    }

    private async Task<(int Exit, string Output, string Error)> ImportAsync(string text, params string[] options) =>
        await _app.CommandAsync(["patients", "import", await WriteAsync(text), "--practice", "riverside", .. options]);

    private async Task<Patient> FindAsync(string number) => Assert.Single((await _app.WithAsync<LocalPatients, PatientsFound>(patients =>
        patients.SearchAsync(PatientQuery.Parse(number, null), new() { PracticeId = "riverside" }, CancellationToken.None)))!);

    private Task<long> CountAsync() => _app.WithAsync<IDatabase, long>(database => database.CountAsync("patients where practice = 'riverside'"));
}
