using System.Security.Cryptography;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class LocalPatientsTests
{
    private static readonly Clinician Alice = new() { PracticeId = "riverside" };
    private static readonly Clinician Carol = new() { PracticeId = "hillside" };
    private static readonly Keyring Keys = new(RandomNumberGenerator.GetBytes(32));

    private static readonly PatientRecord Jane =
        new(NhsNumber.Parse("9990000026"), "O'Brien-Smith", "Jané", "Mrs", new(1980, 1, 31), "07700 900123", Deceased: false, Restricted: false);

    [Fact]
    public async Task A_patient_comes_back_whole_by_NHS_number_and_by_id()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);

        var byNumber = Assert.Single((await SearchAsync(patients, "999 000 0026"))!);
        var byId = await patients.FindAsync(byNumber.Id, Alice, CancellationToken.None);

        Assert.Equal(byNumber, byId);
        Assert.Equal(("Jané O'Brien-Smith", "9990000026", new DateOnly(1980, 1, 31)), (byNumber.Name, byNumber.NhsNumber.Value, byNumber.DateOfBirth));
        Assert.Equal("+447700900123", byNumber.Mobile!.Value.E164);
    }

    [Fact]
    public async Task A_name_is_found_however_it_is_typed()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);

        foreach (var typed in new[] { "jane", "JANE OBRIEN", "O'Brien, Jane", "o brien", "O’Brien-Smith", "smith", "brien smith", "Jané", "ja sm" })
            Assert.True((await SearchAsync(patients, typed))!.Count == 1, typed);
        foreach (var typed in new[] { "mith", "janes", "jane jones", "ane", "j%e", "a_e" })
            Assert.True((await SearchAsync(patients, typed))!.Count == 0, typed);
    }

    [Fact]
    public async Task A_date_of_birth_narrows_a_name()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane, Jane with { NhsNumber = NhsNumber.Parse("9990000034"), DateOfBirth = new(1981, 1, 31) });

        Assert.Equal(2, (await SearchAsync(patients, "smith"))!.Count);
        Assert.Equal("9990000034", Assert.Single((await SearchAsync(patients, "smith", "1981-01-31"))!).NhsNumber.Value);
        Assert.Empty((await SearchAsync(patients, "smith", "1982-01-31"))!);
    }

    [Fact]
    public async Task Of_a_name_only_who_was_born_that_day_is_opened()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane, Jane with { NhsNumber = NhsNumber.Parse("9990000034"), DateOfBirth = new(1981, 1, 31) });
        var other = (await SearchAsync(patients, "9990000026"))!.Single().Id;
        await started.Database.ExecuteAsync("update patients set data = @data where id = @id", ("data", new byte[40]), ("id", other));

        Assert.Equal(["patient/" + other], (await SearchAsync(patients, "smith"))!.Unreadable);
        var born = (await SearchAsync(patients, "smith", "1981-01-31"))!;
        Assert.Equal("9990000034", Assert.Single(born).NhsNumber.Value);
        Assert.Empty(born.Unreadable);
    }

    /// <summary>Whose a patient is stands in a column too; the id is made of it.</summary>
    [Fact]
    public async Task A_patient_whose_column_was_changed_is_not_shown_to_another_practice()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);
        await patients.ImportAsync("hillside", [Jane with { NhsNumber = NhsNumber.Parse("9990000034"), GivenName = "Joan" }], new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), CancellationToken.None);
        var jane = (await SearchAsync(patients, "9990000026"))!.Single().Id;

        await started.Database.ExecuteAsync("update patients set practice = 'hillside' where id = @id", ("id", jane));

        // The premise: her row is on the other list.
        Assert.Equal(2, await started.Database.CountAsync("patients where practice = 'hillside'"));
        var found = await patients.SearchAsync(PatientQuery.Parse("smith", null), Carol, CancellationToken.None);
        Assert.Equal(["Joan O'Brien-Smith"], found.Select(patient => patient.Name));
        Assert.Equal(["patient/" + jane], found.Unreadable);
        await Assert.ThrowsAsync<PatientResponse.Infrastructure.Storage.DamagedException>(() => patients.FindAsync(jane, Carol, CancellationToken.None));
    }

    [Fact]
    public async Task Who_was_imported_before_dates_could_be_searched_for_is_found_and_the_next_import_fills_them_in()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);
        await started.Database.ExecuteAsync("update patients set born = ''");

        Assert.Single((await SearchAsync(patients, "smith", "1980-01-31"))!);
        Assert.Empty((await SearchAsync(patients, "smith", "1981-01-31"))!);
        Assert.Equal(new(0, 0, 0, 1, 0, 1), await patients.ImportAsync("riverside", [Jane], DateTimeOffset.UnixEpoch, CancellationToken.None));

        Assert.Equal(0, await started.Database.CountAsync("patients where born = ''"));
        Assert.Single((await SearchAsync(patients, "smith", "1980-01-31"))!);
    }

    [Fact]
    public async Task Of_more_than_fifty_the_first_fifty_are_shown()
    {
        await using var started = await TestDatabase.StartAsync();
        var numbers = Numbers().Take(51).ToList();
        var patients = await WithAsync(started, [.. numbers.Take(50).Select(number => Jane with { NhsNumber = number })]);

        Assert.Equal((50, false), ((await SearchAsync(patients, "smith")).Count, (await SearchAsync(patients, "smith")).AndMore));
        Assert.Equal(50, (await SearchAsync(patients, "smith", "1980-01-31"))!.Count);
        await patients.ImportAsync(Alice.PracticeId, [.. numbers.Select(number => Jane with { NhsNumber = number })], DateTimeOffset.UnixEpoch, CancellationToken.None);
        foreach (var found in new[] { await SearchAsync(patients, "smith"), await SearchAsync(patients, "smith", "1980-01-31") })
            Assert.Equal((50, true), (found.Count, found.AndMore));
    }

    [Fact]
    public async Task A_date_of_birth_finds_one_among_more_than_fifty_of_a_name()
    {
        await using var started = await TestDatabase.StartAsync();
        var born = Jane.DateOfBirth;
        var patients = await WithAsync(started, [.. Numbers().Take(120).Select((number, i) => Jane with { NhsNumber = number, DateOfBirth = born.AddDays(i) })]);

        for (var i = 0; i < 120; i += 17)
            Assert.Equal(born.AddDays(i), Assert.Single((await SearchAsync(patients, "smith", $"{born.AddDays(i):yyyy-MM-dd}"))!).DateOfBirth);
    }

    [Fact]
    public async Task People_are_listed_by_family_name_first_name_and_age()
    {
        await using var started = await TestDatabase.StartAsync();
        var numbers = Numbers().Take(4).ToList();
        var patients = await WithAsync(started,
            Jane with { NhsNumber = numbers[0], GivenName = "Jo", FamilyName = "Young" },
            Jane with { NhsNumber = numbers[1], GivenName = "Jo", FamilyName = "ap Rhys", DateOfBirth = new(1990, 1, 1) },
            Jane with { NhsNumber = numbers[2], GivenName = "Jo", FamilyName = "ap Rhys", DateOfBirth = new(1950, 1, 1) },
            Jane with { NhsNumber = numbers[3], GivenName = "Joan", FamilyName = "Élan" });

        Assert.Equal(
            [numbers[2], numbers[1], numbers[3], numbers[0]],
            (await SearchAsync(patients, "jo"))!.Select(patient => patient.NhsNumber));
    }

    [Fact]
    public async Task A_date_alone_a_month_and_a_year_with_a_name_find_who_was_born_then()
    {
        await using var started = await TestDatabase.StartAsync();
        var numbers = Numbers().Take(4).ToList();
        var patients = await WithAsync(started,
            Jane with { NhsNumber = numbers[0], GivenName = "Ann", DateOfBirth = new(1967, 2, 20) },
            Jane with { NhsNumber = numbers[1], GivenName = "Bea", DateOfBirth = new(1967, 2, 21) },
            Jane with { NhsNumber = numbers[2], GivenName = "Cat", DateOfBirth = new(1967, 12, 31) },
            Jane with { NhsNumber = numbers[3], GivenName = "Dee", DateOfBirth = new(2067 - 100, 1, 1), FamilyName = "Young" });

        Assert.Equal(["Ann"], (await SearchAsync(patients, "20/02/1967")).Select(patient => patient.GivenName));
        Assert.Equal(["Ann"], (await SearchAsync(patients, "20/2/67")).Select(patient => patient.GivenName));
        Assert.Equal(["Ann", "Bea"], (await SearchAsync(patients, "Feb 1967")).Select(patient => patient.GivenName));
        Assert.Equal(["Ann", "Bea", "Cat"], (await SearchAsync(patients, "smith 1967")).Select(patient => patient.GivenName));
        Assert.Equal(["Cat"], (await SearchAsync(patients, "smith 31 December 1967")).Select(patient => patient.GivenName));
        Assert.Equal(["Cat"], (await SearchAsync(patients, "smiht 31 December 1967")).Similar.Select(patient => patient.GivenName));
        Assert.Empty(await SearchAsync(patients, "smith 1968"));
    }

    [Theory]
    [InlineData("Mohamed Khan", "Mohammed", "Khan")]
    [InlineData("Muhammad Khan", "Mohammed", "Khan")]
    [InlineData("smiht", "Jane", "Smith")]
    [InlineData("Jane Smart", "Jane", "Smith", false)]
    [InlineData("Cathrine Lee", "Catherine", "Lee")]
    [InlineData("Kathryn Lee", "Catherine", "Lee")]
    [InlineData("Shaun Lee", "Sean", "Lee")]
    [InlineData("Steven Hill", "Stephen", "Hill")]
    [InlineData("Yusuf Ali", "Youssef", "Ali")]
    [InlineData("Ayesha Ali", "Aisha", "Ali")]
    [InlineData("Mueller", "Karl", "Müller")]
    [InlineData("Müller", "Karl", "Mueller")]
    [InlineData("Mac Donald", "Angus", "McDonald")]
    [InlineData("MacDonald", "Angus", "Mc Donald")]
    [InlineData("Angus McDonnald", "Angus", "Mac Donald")]
    [InlineData("Jon Hill", "John", "Hill")]
    [InlineData("Jane Elizabeth Smith", "Jane", "Smith")]
    [InlineData("Susan Lee", "Sean", "Lee", false)]
    [InlineData("Jones", "Jane", "Smith", false)]
    public async Task A_name_that_is_like_it_is_offered(string typed, string given, string family, bool offered = true)
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane with { GivenName = given, FamilyName = family });

        var found = await SearchAsync(patients, typed);
        Assert.Empty(found);
        Assert.Equal(offered ? 1 : 0, found.Similar.Count);
    }

    [Fact]
    public async Task At_most_ten_alike_are_offered_the_likest_first_and_none_who_was_found()
    {
        await using var started = await TestDatabase.StartAsync();
        var names = new[] { "Mohamed", "Muhammad", "Mohammed", "Mohamad" };
        var patients = await WithAsync(started, [.. Numbers().Take(16).Select((number, i) => Jane with { NhsNumber = number, GivenName = names[i % 4], FamilyName = "Khan" })]);

        var found = await SearchAsync(patients, "Mohamed Khan");
        Assert.All(found, patient => Assert.Equal("Mohamed", patient.GivenName));
        Assert.Equal((4, 10), (found.Count, found.Similar.Count));
        Assert.DoesNotContain(found.Similar, patient => patient.GivenName == "Mohamed");
        Assert.All(found.Similar.Take(8), patient => Assert.Contains(patient.GivenName, (string[])["Mohammed", "Mohamad"]));
    }

    [Fact]
    public async Task Who_has_the_title_for_a_name_leads_and_the_others_follow()
    {
        await using var started = await TestDatabase.StartAsync();
        var numbers = Numbers().Take(2).ToList();
        var patients = await WithAsync(started,
            Jane with { NhsNumber = numbers[0], GivenName = "Zoë", FamilyName = "Adams" }, Jane with { NhsNumber = numbers[1], GivenName = "Zoë", FamilyName = "Master" });

        Assert.Equal(["Master", "Adams"], (await SearchAsync(patients, "Zoë Master")).Select(patient => patient.FamilyName));
        Assert.Equal(["Master"], (await SearchAsync(patients, "Master")).Select(patient => patient.FamilyName));
    }

    [Fact]
    public async Task A_list_that_another_process_imported_is_searched_at_once()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);
        Assert.Single(await SearchAsync(patients, "smith"));

        await new LocalPatients(started.Database, Keys).ImportAsync(
            Alice.PracticeId, [Jane with { FamilyName = "Young" }], DateTimeOffset.UnixEpoch, CancellationToken.None);

        Assert.Empty(await SearchAsync(patients, "smith"));
        Assert.Single(await SearchAsync(patients, "young"));
    }

    [Fact]
    public async Task Another_practices_patients_are_never_found()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);
        var id = Assert.Single((await SearchAsync(patients, "smith"))!).Id;
        await patients.ImportAsync(Carol.PracticeId, [Jane with { NhsNumber = NhsNumber.Parse("9990000034"), FamilyName = "Jones" }], DateTimeOffset.UnixEpoch, CancellationToken.None);

        Assert.Empty((await patients.SearchAsync(PatientQuery.Parse("smith", null), Carol, CancellationToken.None))!);
        Assert.Empty((await patients.SearchAsync(PatientQuery.Parse("9990000026", null), Carol, CancellationToken.None))!);
        Assert.Null(await patients.FindAsync(id, Carol, CancellationToken.None));
    }

    [Fact]
    public async Task Importing_twice_adds_nobody_and_a_patient_of_two_practices_is_two_records()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);
        await patients.ImportAsync(Alice.PracticeId, [Jane], DateTimeOffset.UnixEpoch, CancellationToken.None);
        await patients.ImportAsync(Carol.PracticeId, [Jane], DateTimeOffset.UnixEpoch, CancellationToken.None);

        var alices = Assert.Single((await SearchAsync(patients, "smith"))!);
        var carols = Assert.Single((await patients.SearchAsync(PatientQuery.Parse("smith", null), Carol, CancellationToken.None))!);
        Assert.NotEqual(alices.Id, carols.Id);
    }

    [Theory]
    [InlineData(null, false, "")]
    [InlineData("", false, "")]
    [InlineData("020 7946 0318", false, "This is a landline number. Enter a mobile number, which begins with 07")]
    [InlineData("07700 900123", true, "")]
    [InlineData("020 7946 0318", true, "")]
    public async Task A_number_that_cannot_be_texted_is_left_out_and_a_restricted_record_tells_nothing_of_its_number(string? mobile, bool restricted, string problem)
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane with { Mobile = mobile, Restricted = restricted });

        var found = Assert.Single((await SearchAsync(patients, "smith"))!);
        Assert.Null(found.Mobile);
        Assert.Equal(problem, found.MobileProblem);
    }

    [Fact]
    public async Task The_database_matches_any_text_as_the_rule_for_names_does()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);

        foreach (var text in NaughtyStrings.All)
        {
            var matches = PatientQuery.Parse(text, null) is PatientQuery.ByName name && PatientName.Matches(PatientName.SearchKey(Jane.GivenName, Jane.FamilyName), name);
            Assert.True(matches == ((await SearchAsync(patients, text))!.Count == 1), text);
        }
    }

    [Fact]
    public async Task Full_names_are_known_as_whole_words_in_their_own_practice_only()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = await WithAsync(started, Jane);

        Assert.Equal(
            ["JANE O’BRIEN SMITH"],
            await patients.KnownNamesAsync(["JANE O’BRIEN SMITH", "Jane Smith", "Brien Smith", "Jane", "Dear Jane O'Brien-Smith", "J% O_Brien-Smith"], Alice, CancellationToken.None));
        Assert.Equal(["Jane O Brien-Smith"], await patients.KnownNamesAsync(["Jane O Brien-Smith"], Alice, CancellationToken.None));
        Assert.Empty(await patients.KnownNamesAsync(["Jane O'Brien-Smith"], Carol, CancellationToken.None));
        Assert.Empty(await patients.KnownNamesAsync([], Alice, CancellationToken.None));
    }

    private static async Task<LocalPatients> WithAsync(TestDatabase stored, params PatientRecord[] patients)
    {
        var directory = new LocalPatients(stored.Database, Keys);
        await directory.ImportAsync(Alice.PracticeId, patients, DateTimeOffset.UnixEpoch, CancellationToken.None);
        return directory;
    }

    private static Task<PatientsFound> SearchAsync(LocalPatients patients, string q, string? dob = null) =>
        patients.SearchAsync(PatientQuery.Parse(q, dob), Alice, CancellationToken.None);

    private static IEnumerable<NhsNumber> Numbers()
    {
        for (var digits = 9990000000; ; digits++)
            if (NhsNumber.TryParse($"{digits}", out var number, out _))
                yield return number;
    }
}
