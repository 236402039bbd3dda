using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Start;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

public class DemoTests
{
    [Fact]
    public async Task Of_two_copies_that_seed_the_demo_at_once_the_slower_one_finds_it_done()
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use };
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("delete from mt_doc_sealed where type = 'Practice'");
            return true;
        });
        held.HoldNext(statement => statement.Parameters.Values.Contains(nameof(Practice)));
        var slower = Task.Run(() => Demo.SeedAsync(app.Services));
        await held.Reached;
        await Demo.SeedAsync(app.Services);
        held.Release();

        await slower;

        Assert.Single(await app.WithAsync<IDocumentSession, IReadOnlyList<Practice>>(session => session.ListAsync<Practice>()));
    }

    [Fact]
    public async Task Copies_that_seed_the_demo_at_once_do_not_end_one_another_for_ever()
    {
        const int copies = 10;
        await using var app = new TestApp();
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("delete from mt_doc_sealed where type = 'Practice'");
            await database.ExecuteAsync("delete from patients");
            await database.ExecuteAsync("delete from patient_lists");
            return true;
        });

        await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => Task.Run(() => Demo.SeedAsync(app.Services))));

        var begun = await app.WithAsync<IDatabase, IReadOnlyList<long>>(database =>
            database.QueryAsync<long>("select latest from patient_lists where practice = 'demo'", null, CancellationToken.None));
        Assert.InRange(begun[0], 1, copies);
        Assert.Equal(SamplePatients.Read().Count, await app.WithAsync<IDatabase, long>(database => database.CountAsync("patients")));
    }
}
