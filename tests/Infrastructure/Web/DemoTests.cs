using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;
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
            await database.ExecuteAsync("delete from documents where type = 'Practice'");
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
}
