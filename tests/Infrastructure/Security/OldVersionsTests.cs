using System.Net;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

/// <summary>Somebody who can write to the database puts back how a person or a practice was before.</summary>
public class OldVersionsTests
{
    private const string Copy = "create table loot as select * from mt_doc_sealed where type in ('Clinician', 'Practice')";
    private const string PutBack = "update mt_doc_sealed d set data = l.data, version = l.version, lookup = l.lookup from loot l where l.id = d.id and l.version < d.version";

    [Fact]
    public async Task Whoever_was_disabled_stays_out_in_a_process_that_knew_her()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await app.ChangesAsync(Copy);
        Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail)).Exit);
        var id = await IdAsync(app);

        await app.ChangesAsync(PutBack);

        await StaysOutAsync(app, alice);
        await app.VerifyNamesAsync($"older\tdocument/Clinician/{id}");
    }

    [Fact]
    public async Task Whoever_was_disabled_stays_out_of_a_process_that_has_only_a_checkpoint_to_go_by()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using (var app = installation.App())
        {
            await app.AliceSignsInAsync();
            await app.ChangesAsync(Copy);
            Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail)).Exit);
        }
        await installation.WithDatabaseAsync(async database =>
        {
            await database.ExecuteAsync(PutBack);
            return true;
        });

        await using (var app = installation.App())
        {
            await StaysOutAsync(app, app.NewBrowser());
            await app.VerifyNamesAsync($"older\tdocument/Clinician/{await IdAsync(app)}");
        }

        // The premise: nothing in the row itself keeps her out.
        Directory.Delete(Path.Combine(installation.Data, "files", "checkpoints"), recursive: true);
        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/conversations")).Status);
        }
    }

    /// <summary>The command ran in a process of its own.</summary>
    [Fact]
    public async Task A_copy_learns_from_the_checkpoint_of_another()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var serving = installation.App();
        var alice = await serving.AliceSignsInAsync();
        await serving.ChangesAsync(Copy);
        await using (var command = installation.App())
            Assert.Equal(0, (await command.CommandAsync("clinician", "disable", Scenario.AlicesEmail)).Exit);

        await serving.KeepsItsRecordAsync();
        await serving.ChangesAsync(PutBack);

        await StaysOutAsync(serving, alice);
    }

    /// <summary>They are not believed. Until they are mended the installation's rules hold, as for other damage.</summary>
    [Fact]
    public async Task The_settings_of_a_practice_do_not_go_back()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await app.ChangesAsync(Copy);
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Store((await session.LoadAsync<Practice>("demo"))! with { RequiresSecondFactor = true });
            await session.SaveChangesAsync();
            return true;
        });
        Assert.NotEqual("Conversations", (await alice.GetAsync("/conversations")).Heading);

        await app.ChangesAsync(PutBack);

        Assert.Contains("Your practice’s settings cannot be read. No message can be sent", (await alice.GetAsync("/conversations")).Text, StringComparison.Ordinal);
        await app.VerifyNamesAsync("older\tdocument/Practice/demo");
    }

    private static async Task StaysOutAsync(TestApp app, TestBrowser alice)
    {
        // The premise: the row says that she may.
        Assert.True(await app.LooksUpAsync<bool>("select min(d.version) = min(l.version) from mt_doc_sealed d join loot l on l.id = d.id where d.type = 'Clinician'"));
        Assert.NotEqual("Conversations", (await alice.GetAsync("/conversations")).Heading);
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await browser.GetAsync("/conversations");
        Assert.NotEqual("Conversations", browser.Page.Heading);
    }

    private static Task<string> IdAsync(TestApp app) => app.LooksUpAsync<string>("select subject from audit where action = 'disabled clinician'");
}
