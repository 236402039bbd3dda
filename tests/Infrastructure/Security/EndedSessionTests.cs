using System.Net;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

/// <summary>A request of Alice's arrives while her session is good, and is to be saved when it is over.</summary>
public class EndedSessionTests
{
    [Theory]
    [InlineData("signed out")]
    [InlineData("disabled")]
    public async Task Nothing_is_sent_and_what_was_typed_is_shown(string how)
    {
        var held = new HeldSave();
        await using var started = await TestDatabase.StartAsync();
        await using var app = AppOn(started, held);
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        held.HoldNext(change => change.Parameters.ContainsKey("started"));
        var answer = alice.SendAsync(alice.Submission("#compose", ("text", "Words of a long message")));
        await held.Reached;
        await ChangeAliceAsync(app, clinician => (clinician.SecurityStamp, clinician.Disabled) = (how == "signed out" ? "another" : clinician.SecurityStamp, how == "disabled"));
        held.Release();

        var page = await TestPage.ReadAsync(await answer, new("http://localhost/"));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("Words of a long message", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Html.QuerySelector("form[action='/sign-out']"));
        await app.DoQueuedWorkAsync();
        Assert.Empty(app.SentTexts);
        Assert.Equal(0, await app.WithAsync<IDatabase, long>(database => database.CountAsync(RawTables.Events)));
    }

    [Fact]
    public async Task No_shared_template_is_changed()
    {
        var held = new HeldSave();
        await using var started = await TestDatabase.StartAsync();
        await using var app = AppOn(started, held);
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/templates/skin-photo");
        held.HoldNext(statement => statement.Parameters.Values.Contains("saved template"));
        var answer = alice.SendAsync(alice.Submission("#template", ("text", "Ring this number instead")));
        await held.Reached;
        await ChangeAliceAsync(app, clinician => clinician.SecurityStamp = "another");
        held.Release();

        Assert.Equal(HttpStatusCode.BadRequest, (await answer).StatusCode);
        Assert.Empty(await app.WithAsync<IDocumentSession, IReadOnlyList<TemplateSet>>(session => session.ListAsync<TemplateSet>()));
    }

    [Fact]
    public async Task A_new_name_meanwhile_stops_nothing()
    {
        var held = new HeldSave();
        await using var started = await TestDatabase.StartAsync();
        await using var app = AppOn(started, held);
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        held.HoldNext(change => change.Parameters.ContainsKey("started"));
        var answer = alice.SendAsync(alice.Submission("#compose", ("text", "Once")));
        await held.Reached;
        await ChangeAliceAsync(app, clinician => clinician.Name = "Alice B");
        held.Release();

        Assert.Equal(HttpStatusCode.SeeOther, (await answer).StatusCode);
        await app.DoQueuedWorkAsync();
        Assert.Single(app.SentTexts);
    }

    private static TestApp AppOn(TestDatabase database, HeldSave held)
    {
        var app = new TestApp { Replace = held.Use };
        app.Settings["ConnectionStrings:Postgres"] = database.ConnectionString;
        return app;
    }

    private static Task<bool> ChangeAliceAsync(TestApp app, Action<Clinician> change) => app.WithAsync<IDocumentSession, bool>(async documents =>
    {
        var alice = (await documents.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail)))!;
        change(alice);
        documents.Store(alice);
        await documents.SaveChangesAsync();
        return true;
    });
}
