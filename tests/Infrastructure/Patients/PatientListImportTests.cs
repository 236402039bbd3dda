using System.Security.Cryptography;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Patients;

/// <summary>The list of Alice's practice is replaced; Charlie is of another one, with the same people on its list.</summary>
public class PatientListImportTests
{
    /// <summary>So many that they are not all stored in one save.</summary>
    private const int Many = 2_500;
    private static readonly Clinician Alice = new() { PracticeId = "riverside" };
    private static readonly Clinician Charlie = new() { PracticeId = "hillside" };
    private static readonly Keyring Keys = new(RandomNumberGenerator.GetBytes(32));
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task Alice_sees_nothing_of_a_list_that_is_on_its_way_and_nothing_stays_of_one_that_is_given_up()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = new LocalPatients(started.Database, Keys);
        await patients.ImportAsync("riverside", People("Before").Take(40), Now, CancellationToken.None);

        await using (var import = await patients.BeginImportAsync("riverside", CancellationToken.None))
        {
            foreach (var person in People("After").Take(Many))
                await import.AddAsync(person, CancellationToken.None);
            Assert.True(await started.Database.CountAsync("patients") > 1_000, "Much of it is stored.");
            Assert.Equal(40, (await SearchAsync(patients, "before"))!.Count);
            Assert.Empty((await SearchAsync(patients, "after"))!);
            Assert.Empty(await patients.KnownNamesAsync(["Anna After"], Alice, CancellationToken.None));
        }

        Assert.Equal(40, await started.Database.CountAsync("patients"));
        Assert.Equal(40, (await SearchAsync(patients, "before"))!.Count);
        Assert.Equal(new(0, 0, 0, 40, 0, 40), await patients.ImportAsync("riverside", People("Before").Take(40), Now, CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_begins_a_second_import_ends_the_first()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = new LocalPatients(started.Database, Keys);
        await patients.ImportAsync("riverside", People("Before").Take(40), Now, CancellationToken.None);
        var first = await patients.BeginImportAsync("riverside", CancellationToken.None);
        await using var second = await patients.BeginImportAsync("riverside", CancellationToken.None);

        var many = async () =>
        {
            foreach (var person in People("First").Take(Many))
                await first.AddAsync(person, CancellationToken.None);
        };
        await Assert.ThrowsAsync<ConcurrencyException>(many);
        await Assert.ThrowsAsync<ConcurrencyException>(() => first.TakeOverAsync(Now, _ => true, CancellationToken.None));
        await first.DisposeAsync();
        foreach (var person in People("Second").Take(40))
            await second.AddAsync(person, CancellationToken.None);
        Assert.Equal(new(0, 40, 0, 0, 0, 40), await second.TakeOverAsync(Now, _ => true, CancellationToken.None));

        Assert.Equal(40, (await SearchAsync(patients, "second"))!.Count);
        Assert.Empty((await SearchAsync(patients, "first"))!);
    }

    [Fact]
    public async Task What_was_replaced_is_gone_and_the_patients_of_Charlies_practice_stay_as_they_are()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = new LocalPatients(started.Database, Keys);
        await patients.ImportAsync("hillside", People("Before").Take(10), Now, CancellationToken.None);
        await patients.ImportAsync("riverside", People("Before").Take(10), Now, CancellationToken.None);

        var changes = await patients.ImportAsync("riverside", People("After").Skip(5).Take(10), Now, CancellationToken.None);

        Assert.Equal(new(5, 5, 0, 0, 5, 10), changes);
        Assert.Equal(15, await started.Database.CountAsync("patients where practice = 'riverside'"));
        Assert.Equal(10, await started.Database.CountAsync("patients where practice = 'hillside'"));
        var charlies = await patients.SearchAsync(PatientQuery.Parse("before", null), Charlie, CancellationToken.None);
        Assert.Equal((10, 0), (charlies!.Count, charlies.Count(patient => patient.Warning is not null)));
        var alices = await SearchAsync(patients, "before");
        Assert.Equal((5, 5), (alices!.Count, alices.Count(patient => patient.Warning is not null)));
    }

    private static Task<PatientsFound> SearchAsync(LocalPatients patients, string name) =>
        patients.SearchAsync(PatientQuery.Parse(name, null), Alice, CancellationToken.None);

    /// <summary>Always the same people, under another family name.</summary>
    private static IEnumerable<PatientRecord> People(string familyName)
    {
        for (var digits = 9990000000; ; digits++)
            if (NhsNumber.TryParse($"{digits}", out var number, out _))
                yield return new(number, familyName, "Anna", "", new(1980, 3, 31), null, Deceased: false, Restricted: false);
    }
}
