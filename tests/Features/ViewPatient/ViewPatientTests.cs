using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ViewPatient;

public sealed class ViewPatientTests : IAsyncDisposable
{
    private const string Page = "/patients/test";
    private const string Note = "Speaks Polish.\nCall after 5 pm";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TestApp _app = new() { Settings = { ["Retention:Days"] = "30" } };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Alice_sees_who_it_is_her_own_conversations_and_how_much_the_practice_sends()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        var susan = await FindAsync(alice);
        await SendAsync(alice, susan, "How is your knee?");
        await SendAsync(bob, susan, "Bob asks about something else");

        var page = await alice.GetAsync(susan);

        Assert.Equal("Susan Smith", page.Heading);
        Assert.Contains("31 May 2007", page.Text, StringComparison.Ordinal);
        Assert.Contains("999 872 0850", page.Text, StringComparison.Ordinal);
        Assert.Contains("07700 900328", page.Text, StringComparison.Ordinal);
        Assert.Contains("2 messages to this patient in the last 30 days", page.Text, StringComparison.Ordinal);
        Assert.Contains("How is your knee?", Assert.Single(page.Html.QuerySelectorAll(".app-conversations__item")).TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Bob asks", page.Text, StringComparison.Ordinal);
        await alice.GetAsync(page.Html.QuerySelector(".app-conversations__who")!.GetAttribute("href")!);
        Assert.Equal(susan, alice.Page.Html.QuerySelector(".app-patient-banner a")!.GetAttribute("href"));
        Assert.NotNull(page.Html.QuerySelector($"main a[href='{susan}/message']"));
        Assert.Single(await _app.AuditedAsync("viewed patient"));
    }

    [Fact]
    public async Task The_whole_practice_reads_a_note_and_whoever_writes_to_the_patient_does()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        var susan = await FindAsync(alice);
        await NoteAsync(alice, susan, "  " + Note + "\n");
        Assert.Contains("The note is saved.", alice.Page.Text, StringComparison.Ordinal);

        var page = await bob.GetAsync(susan);
        Assert.Equal(Note, Assert.Single(page.Html.QuerySelectorAll(".app-notes__text")).TextContent);
        Assert.Contains("Dr Dana Demo", page.Html.QuerySelector(".app-notes__by")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Speaks Polish.", (await bob.GetAsync($"{susan}/message")).Html.QuerySelector(".app-contact__note")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([""], await _app.AuditedAsync("added a note"));
    }

    [Fact]
    public async Task Carol_of_another_practice_finds_neither_the_patient_nor_the_notes()
    {
        var alice = await _app.AliceSignsInAsync();
        var susan = await FindAsync(alice);
        await NoteAsync(alice, susan, Note);
        await NoteAsync(alice, Page, Note);
        var carol = await CarolSignsInAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await carol.GetAsync(susan)).Status);
        Assert.Empty((await carol.GetAsync(Page)).Html.QuerySelectorAll(".app-notes__text"));
        foreach (var address in new[] { $"{susan}/notes", $"{susan}/notes/delete" })
            Assert.Equal(HttpStatusCode.NotFound, (await carol.SendAsync(To(address, carol.Submission("form[action$='/notes']", ("note", "Mine"))))).StatusCode);
        Assert.Single((await alice.GetAsync(susan)).Html.QuerySelectorAll(".app-notes__text"));
    }

    [Fact]
    public async Task No_page_or_message_of_the_patient_says_what_staff_noted()
    {
        var alice = await _app.AliceSignsInAsync();
        await NoteAsync(alice, Page, "Zebra");
        var id = await alice.AsksAsync(_app);
        await _app.DoQueuedWorkAsync();
        var pat = _app.NewBrowser();
        var seen = new List<string> { (await pat.GetAsync($"/r/{(await _app.ConversationAsync(id)).Token}")).Source };
        seen.Add((await pat.GivesDateOfBirthAsync(1, 1, 1980)).Source);
        seen.Add((await pat.SubmitAsync("#reply", ("text", "Better"))).Source);
        Assert.All(seen, page => Assert.DoesNotContain("Zebra", page, StringComparison.Ordinal));
        Assert.All(_app.Sent, message => Assert.DoesNotContain("Zebra", message.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("Zebra", (await alice.GetAsync($"/conversations/{id:N}/print")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_is_deleted_by_who_wrote_it_or_a_manager_and_by_nobody_else()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        await _app.CommandAsync("clinician", "add", Scenario.AlicesEmail, "--manager", "false");
        await _app.CommandAsync("clinician", "add", Scenario.BobsEmail, "--manager", "false");
        (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        await NoteAsync(alice, Page, Note);
        await NoteAsync(alice, Page, "Another");
        var note = alice.Page.Html.QuerySelectorAll("form[action$='/delete'] [name=noteId]")[^1].GetAttribute("value")!;

        await bob.GetAsync(Page);
        Assert.Empty(bob.Page.Html.QuerySelectorAll("form[action$='/delete']"));
        var refused = await bob.OpenAsync(To($"{Page}/notes/delete", bob.Submission("form[action$='/notes']", ("noteId", note))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Only the person who wrote a note, or a manager, can delete it", refused.Text, StringComparison.Ordinal);

        await alice.SubmitAsync("form[action$='/delete']");
        Assert.Contains("The note is deleted.", alice.Page.Text, StringComparison.Ordinal);
        Assert.Single(alice.Page.Html.QuerySelectorAll(".app-notes__text"));
        Assert.Single(await _app.AuditedAsync("deleted a note"));
    }

    [Theory]
    [InlineData("", "Write the note first")]
    [InlineData(" \n ", "Write the note first")]
    [InlineData(501, "The note must have 500 characters or fewer. It has 501")]
    public async Task A_mistake_is_told_beside_the_field_and_nothing_typed_is_lost(object typed, string problem)
    {
        var alice = await _app.AliceSignsInAsync();
        var text = typed as string ?? new string('x', (int)typed);
        var page = await NoteAsync(alice, Page, text);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains(problem, page.Html.QuerySelector("#note-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(text.Trim(), page.Html.QuerySelector("#note")!.TextContent.Trim());
    }

    [Fact]
    public async Task A_double_click_saves_one_and_two_people_at_once_save_both()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        await alice.GetAsync(Page);
        await bob.GetAsync(Page);
        var (twice, once) = (alice.Submission("form[action$='/notes']", ("note", "From Alice")), bob.Submission("form[action$='/notes']", ("note", "From Bob")));
        var again = alice.Submission("form[action$='/notes']", ("note", "From Alice"));
        await Task.WhenAll(alice.SendAsync(twice), bob.SendAsync(once), alice.SendAsync(again));
        Assert.Equal(["From Alice", "From Bob"], (await alice.GetAsync(Page)).Html.QuerySelectorAll(".app-notes__text").Select(note => note.TextContent).Order());
    }

    [Fact]
    public async Task Notes_go_with_the_practices_retention_and_not_before()
    {
        var alice = await _app.AliceSignsInAsync();
        await NoteAsync(alice, Page, "The first");
        _app.Time.Advance(20 * Day);
        alice = await _app.AliceSignsInAsync();
        await NoteAsync(alice, Page, "The second");
        await SweepAsync();
        Assert.Equal(2, (await StoredAsync())!.Notes.Count);

        // Past its time it is not shown, and the next sweep deletes it.
        _app.Time.Advance(10 * Day);
        alice = await _app.AliceSignsInAsync();
        Assert.Equal("The second", Assert.Single((await alice.GetAsync(Page)).Html.QuerySelectorAll(".app-notes__text")).TextContent);
        await NoteAsync(alice, Page, "The third");
        Assert.Equal(3, (await StoredAsync())!.Notes.Count);
        await SweepAsync();
        Assert.Equal(["The third", "The second"], (await StoredAsync())!.Notes.Select(note => note.Text));

        // A practice that keeps longer keeps notes longer.
        await _app.CommandAsync("practice", "set", "demo", "--retention-days", "60");
        _app.Time.Advance(31 * Day);
        await SweepAsync();
        Assert.Equal(2, (await StoredAsync())!.Notes.Count);
        _app.Time.Advance(30 * Day);
        await SweepAsync();
        Assert.Null(await StoredAsync());
        Assert.Equal(0, (await _app.CommandAsync("verify")).Exit);
    }

    [Fact]
    public async Task Notes_that_are_damaged_take_nothing_else_away()
    {
        var alice = await _app.AliceSignsInAsync();
        await NoteAsync(alice, Page, Note);
        await _app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_doc_sealed set data = jsonb_set(data, '{Data}', '\"AAAA\"') where type = 'PatientNotes'");
            return true;
        });
        var page = await alice.GetAsync(Page);
        Assert.Equal("Test Patient", page.Heading);
        Assert.Contains("document/PatientNotes/demo/test", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(Scenario.TestPatient)).Status);
    }

    private static HttpRequestMessage To(string address, HttpRequestMessage request)
    {
        request.RequestUri = new(request.RequestUri!, address);
        return request;
    }

    private async Task<TestBrowser> CarolSignsInAsync()
    {
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Store(new Practice { Id = "hillside", Name = "Hillside" });
            await session.SaveChangesAsync();
            return true;
        });
        await _app.WithAsync<UserManager<Clinician>, IdentityResult>(people =>
            people.CreateAsync(new Clinician { Email = "carol@example.nhs.uk", Name = "Dr Carol", PracticeId = "hillside" }, Scenario.Password));
        return await _app.SignInAsync("carol@example.nhs.uk");
    }

    private Task SweepAsync() => _app.Services.GetRequiredService<Sweeper>().SweepAsync(CancellationToken.None);

    private Task<PatientNotes?> StoredAsync() => _app.WithAsync<IDocumentSession, PatientNotes?>(session => session.LoadAsync<PatientNotes>(PatientNotes.IdOf("demo", "test")));

    private static async Task<string> FindAsync(TestBrowser browser) =>
        (await browser.GetAsync("/patients?q=9998720850")).Html.QuerySelector("#results a[href$='/message']")!.GetAttribute("href")!.Replace("/message", "", StringComparison.Ordinal);

    private static async Task SendAsync(TestBrowser browser, string patient, string text)
    {
        await browser.GetAsync($"{patient}/message");
        await browser.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        if (browser.Page.Status == HttpStatusCode.UnprocessableEntity)
            await browser.SubmitAsync("#compose", ("confirmed", browser.Page.Html.QuerySelector("[name=confirmed]")!.GetAttribute("value")!));
        Assert.StartsWith("/conversations/", browser.Page.Address.AbsolutePath, StringComparison.Ordinal);
    }

    private static async Task<TestPage> NoteAsync(TestBrowser browser, string patient, string text)
    {
        await browser.GetAsync(patient);
        return await browser.SubmitAsync("form[action$='/notes']", ("note", text));
    }
}
