using System.Net;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.PracticeSettings;

/// <summary>Alice is a manager; Bob, her colleague, is not.</summary>
public class PracticeSettingsTests
{
    [Fact]
    public async Task A_manager_changes_the_settings_and_the_record_says_what_and_who()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        Assert.Equal("/practice", (await alice.GetAsync("/account")).Html.QuerySelector("a[href='/practice']")!.GetAttribute("href"));
        await alice.GetAsync("/practice");
        var page = await alice.SubmitAsync("main form", ("name", " Riverside Surgery "), ("phone", "01632 960002"), ("senderName", "Riverside"),
            ("signOff", "Riverside team"), ("retentionDays", "365"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("The settings are saved", page.Text, StringComparison.Ordinal);
        var practice = await PracticeAsync(app);
        Assert.Equal(
            ("Riverside Surgery", "01632 960002", "Riverside", "Riverside team", 365, true, false),
            (practice.Name, practice.Phone, practice.SenderName, practice.SignOff, practice.RetentionDays, practice.ShowNameBeforeDateOfBirth, practice.RequiresSecondFactor));
        var (actor, detail) = Assert.Single(await AuditAsync(app, "set practice"));
        Assert.Equal((await app.WithAsync<IDocumentSession, Clinician?>(documents => documents.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail))))!.Id, actor);
        Assert.Contains("name: \"Demo Surgery\" -> \"Riverside Surgery\"", detail, StringComparison.Ordinal);
        Assert.Contains("retention days: not set -> 365", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("second factor", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turning_off_what_everybody_signs_in_with_needs_the_password_of_the_last_five_minutes()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await app.SetsUpAnAppAsync(alice);
        await alice.GetAsync("/practice");
        await alice.SubmitAsync("main form", ("requiresSecondFactor", "true"));
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await alice.GetAsync("/practice");
        var page = await alice.SubmitAsync("main form", ("requiresSecondFactor", ""), ("signOff", "Typed by Alice"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Enter your password", page.Html.QuerySelector("#current-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Typed by Alice", page.Html.QuerySelector("#signOff")!.GetAttribute("value"));
        page = await alice.SubmitAsync("main form", ("current", "wrong"));
        Assert.Contains("The password is not right", page.Text, StringComparison.Ordinal);
        Assert.True((await PracticeAsync(app)).RequiresSecondFactor);

        await alice.SubmitAsync("main form", ("current", Scenario.Password));
        Assert.Equal((false, "Typed by Alice"), ((await PracticeAsync(app)).RequiresSecondFactor, (await PracticeAsync(app)).SignOff));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_manager_who_is_signed_out_or_no_manager_any_more_before_the_form_has_arrived_changes_nothing(bool signedOut)
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use };
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/practice");
        var reads = 0;
        // Her session, herself, and then what comes after sign-in was checked.
        held.HoldNextRead(sql => sql.StartsWith("documents", StringComparison.Ordinal) && ++reads == 3);
        var answer = alice.SendAsync(alice.Submission("main form", ("name", "Taken over")));
        await held.Reached;
        await app.WithAsync<IDocumentSession, bool>(async documents =>
        {
            var clinician = (await documents.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail)))!;
            (clinician.IsManager, clinician.SecurityStamp) = signedOut ? (true, "another") : (false, clinician.SecurityStamp);
            documents.Store(clinician);
            await documents.SaveChangesAsync();
            return true;
        });
        held.Release();

        Assert.Equal(signedOut ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, (await answer).StatusCode);
        Assert.Equal("Demo Surgery", (await PracticeAsync(app)).Name);
    }

    [Fact]
    public async Task For_others_there_is_no_such_page_and_their_visit_is_on_record()
    {
        await using var app = new TestApp();
        var (alice, bob) = (await app.AliceSignsInAsync(), await app.BobSignsInAsync());
        Assert.Null((await bob.GetAsync("/account")).Html.QuerySelector("a[href='/practice']"));
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync("/practice")).Status);
        await bob.GetAsync("/account");
        var token = bob.Page.Html.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        await alice.GetAsync("/practice");
        var posted = await bob.OpenAsync(alice.Submission("main form", ("name", "Mallory"), ("__RequestVerificationToken", token)));
        Assert.Equal(HttpStatusCode.NotFound, posted.Status);
        Assert.Equal("Demo Surgery", (await PracticeAsync(app)).Name);
        Assert.Equal(2, (await AuditAsync(app, "refused practice settings")).Count);
    }

    [Fact]
    public async Task Mistakes_are_named_beside_their_fields_and_nothing_typed_is_lost()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/practice");
        var page = await alice.SubmitAsync("main form", ("name", ""), ("phone", "12"), ("senderName", "12345"), ("signOff", " "), ("retentionDays", "7"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        foreach (var field in new[] { "name", "phone", "senderName", "signOff", "retentionDays" })
            Assert.NotNull(page.Html.QuerySelector($"#{field}-error"));
        Assert.Equal("12345", page.Html.QuerySelector("#senderName")!.GetAttribute("value"));
        await alice.SubmitAsync("main form", ("retentionDays", "a year"));
        Assert.Contains("from 30 to", alice.Page.Html.QuerySelector("#retentionDays-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Demo Surgery", (await PracticeAsync(app)).Name);
    }

    [Fact]
    public async Task Of_two_managers_the_second_is_told_and_overwrites_nothing_unknowingly()
    {
        await using var app = new TestApp();
        var (desk, ward) = (await app.AliceSignsInAsync(), await app.AliceSignsInAsync());
        await desk.GetAsync("/practice");
        await ward.GetAsync("/practice");
        await ward.SubmitAsync("main form", ("phone", "01632 960009"));
        var page = await desk.SubmitAsync("main form", ("signOff", "The team"));
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Contains("Somebody else has changed these settings", page.Text, StringComparison.Ordinal);
        Assert.Contains("phone: \"01632 960001\" -> \"01632 960009\"", page.Text, StringComparison.Ordinal);
        Assert.Equal("The team", page.Html.QuerySelector("#signOff")!.GetAttribute("value"));
        Assert.Equal(("01632 960009", "Demo Surgery"), ((await PracticeAsync(app)).Phone, (await PracticeAsync(app)).SignOff));
        // Having read it, they decide.
        await desk.SubmitAsync("main form", ("phone", "01632 960009"));
        Assert.Equal(("01632 960009", "The team"), ((await PracticeAsync(app)).Phone, (await PracticeAsync(app)).SignOff));
    }

    [Fact]
    public async Task A_box_that_is_unticked_is_off()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/practice");
        await alice.SubmitAsync("main form", ("showName", "false"));
        Assert.False((await PracticeAsync(app)).ShowNameBeforeDateOfBirth);
        var asked = await app.AliceAsksAsync();
        Assert.DoesNotContain("Demo Surgery", (await app.NewBrowser().GetAsync(asked.Link)).Text, StringComparison.Ordinal);
    }

    private static async Task<Practice> PracticeAsync(TestApp app) =>
        (await app.WithAsync<IDocumentSession, Practice?>(documents => documents.LoadAsync<Practice>("demo")))!;

    private static Task<IReadOnlyList<Entry>> AuditAsync(TestApp app, string action) =>
        app.WithAsync<IDatabase, IReadOnlyList<Entry>>(database =>
            database.QueryAsync<Entry>("select actor, detail from audit where action = @action order by id", new { action }, CancellationToken.None));

    private sealed record Entry(string Actor, string Detail);
}
