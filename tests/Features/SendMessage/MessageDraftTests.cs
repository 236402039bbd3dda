using System.Net;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

public sealed class MessageDraftTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task What_Alice_typed_is_offered_to_her_in_another_browser_and_she_goes_on_with_it()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "Please bring y", allow: false);
        _app.Time.Advance(TimeSpan.FromMinutes(5));
        await TypesAsync(alice, "Please bring your tablets.", allow: true);

        var elsewhere = await _app.AliceSignsInAsync();
        var page = await elsewhere.GetAsync(Scenario.TestPatient);
        Assert.Contains("You began a message to this patient on 2 March 2026, 9:30am: Please bring your tablets. Continue this message Delete", page.Text);
        Assert.Equal("", TextOf(page));

        page = await elsewhere.SubmitAsync("#compose", ("use", UseOf(page)));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Please bring your tablets.", TextOf(page));
        Assert.True(page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        Assert.DoesNotContain("You began", page.Text);

        page = await elsewhere.SubmitAsync("#compose");
        Assert.Contains("Message to Test Patient", page.Heading);
        Assert.DoesNotContain("You began", (await elsewhere.GetAsync(Scenario.TestPatient)).Text);
    }

    [Fact]
    public async Task Below_a_conversation_with_the_patient_it_is_offered_too_and_gone_on_with_as_its_answer()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        var others = await alice.GetAsync($"/conversations/{id:N}");
        Assert.DoesNotContain("You began", others.Text);
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "Please bring your tablets.");

        var page = await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("You began a message to this patient on 2 March 2026, 9:30am: Please bring your tablets.", page.Text);
        page = await alice.GetAsync(page.Html.QuerySelector(".app-ask__begun a")!.GetAttribute("href")!);
        Assert.Equal($"{id:N}", page.Html.QuerySelector("[name=follows]")!.GetAttribute("value"));
        await alice.SubmitAsync("#compose", ("use", UseOf(page)));
        await alice.SubmitAsync("#compose", ("allowResponse", "true"));
        Assert.DoesNotContain("You began", (await alice.GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task One_that_is_damaged_takes_no_page_and_no_message_with_it()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "Please bring your tablets.");
        Assert.True(await _app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_doc_sealed set data = jsonb_set(data, '{Data}', '\"AAAA\"') where type = 'MessageDraft'");
            return true;
        }));

        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{id:N}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(Scenario.TestPatient)).Status);
        await TypesAsync(alice, "Please bring your tablets, too.");
        var page = await alice.SubmitAsync("#compose", ("text", "Please bring your tablets, too."), ("allowResponse", "true"));
        if (page.Status == HttpStatusCode.UnprocessableEntity)
            page = await alice.SubmitAsync("#compose", ("confirmed", page.Html.QuerySelector("[name=confirmed]")!.GetAttribute("value")!));
        Assert.Contains("Message to Test Patient", page.Heading);
    }

    [Fact]
    public async Task Nobody_else_is_shown_it_and_no_other_patient_has_it()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "Between us");
        Assert.Contains("You began", (await alice.GetAsync(Scenario.TestPatient)).Text);

        Assert.DoesNotContain("You began", (await (await _app.BobSignsInAsync()).GetAsync(Scenario.TestPatient)).Text);
        await alice.GetAsync("/patients?q=Susan+Smith");
        Assert.DoesNotContain("You began", (await alice.GetAsync(alice.Page.Html.QuerySelector("a[href$='/message']")!.GetAttribute("href")!)).Text);
    }

    [Theory]
    [InlineData("My own ___", "", "", "My own ___")]
    [InlineData("My own words", "template", "please-book", "My own words\n\nWe would like to talk to you about ___.")]
    [InlineData("How are you?", "neutral", "true", "How are you?")]
    public async Task Without_JavaScript_each_press_that_does_not_send_keeps_what_was_typed(string text, string field, string value, string kept)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", field == "" ? [("text", text)] : [("text", text), (field, value)]);

        var page = await alice.GetAsync(Scenario.TestPatient);
        page = await alice.SubmitAsync("#compose", ("use", UseOf(page)));
        Assert.StartsWith(kept, TextOf(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_begins_anew_loses_neither_and_using_the_old_one_keeps_what_was_typed_below_it()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "The first");
        var page = await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "The second");

        page = await alice.SubmitAsync("#compose", ("text", "The second"), ("use", UseOf(page)));
        Assert.Equal("The first\n\nThe second", TextOf(page));
        page = await alice.GetAsync(Scenario.TestPatient);
        Assert.Equal(["The first The second"], page.Html.QuerySelectorAll(".app-begun q").Select(one => string.Join(' ', one.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public async Task Deleted_it_is_gone_and_what_is_typed_meanwhile_stays()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "Nonsense");
        var page = await alice.GetAsync(Scenario.TestPatient);

        page = await alice.SubmitAsync("#compose", ("text", "Better"), ("forget", UseOf(page)));

        Assert.Equal("Better", TextOf(page));
        Assert.Equal(["Better"], (await alice.GetAsync(Scenario.TestPatient)).Html.QuerySelectorAll(".app-begun q").Select(one => one.TextContent));
        await alice.GetAsync(Scenario.TestPatient);
        Assert.Equal(1, await _app.WithAsync<IDatabase, long>(database => database.CountAsync("mt_doc_sealed where type = 'MessageDraft'")));
    }

    [Fact]
    public async Task A_save_that_was_on_its_way_when_the_message_went_brings_nothing_back()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var late = Preview(alice, "Your results are normal.", allow: false);
        await alice.SubmitAsync("#compose", ("text", "Your results are normal."));
        Assert.Contains("Message to", alice.Page.Heading);

        Assert.Equal(HttpStatusCode.OK, (await alice.SendAsync(late)).StatusCode);

        Assert.DoesNotContain("You began", (await alice.GetAsync(Scenario.TestPatient)).Text);
    }

    [Fact]
    public async Task After_seven_days_it_is_not_offered_and_swept_away()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "An old thought");
        _app.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        Assert.Contains("You began", (await (await _app.AliceSignsInAsync()).GetAsync(Scenario.TestPatient)).Text);
        _app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("You began", (await (await _app.AliceSignsInAsync()).GetAsync(Scenario.TestPatient)).Text);

        await _app.WithAsync<Sweeper, bool>(async sweeper =>
        {
            await sweeper.SweepAsync(CancellationToken.None);
            return true;
        });
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task It_goes_with_Alices_access_and_stands_nowhere_in_clear()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await TypesAsync(alice, "Xylophone");
        Assert.Equal(1, await CountAsync());
        Assert.Equal(0, await _app.WithAsync<IDatabase, long>(database => database.CountAsync("mt_doc_sealed where data::text like '%ylophone%'")));
        Assert.Equal(0, (await _app.CommandAsync("verify")).Exit);

        Assert.Equal(0, (await _app.CommandAsync("clinician", "disable", Scenario.AlicesEmail)).Exit);

        Assert.Equal(0, await CountAsync());
    }

    private Task<long> CountAsync() => _app.WithAsync<IDatabase, long>(database => database.CountAsync("mt_doc_sealed where type = 'MessageDraft'"));

    private static async Task TypesAsync(TestBrowser browser, string text, bool allow = false) =>
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(Preview(browser, text, allow))).StatusCode);

    private static HttpRequestMessage Preview(TestBrowser browser, string text, bool allow)
    {
        var request = browser.Submission("#compose", ("text", text), ("allowResponse", allow ? "true" : ""));
        request.RequestUri = new(request.RequestUri!, Scenario.TestPatient + "/preview");
        return request;
    }

    private static string UseOf(TestPage page) => page.Html.QuerySelector("[name=use]")!.GetAttribute("value")!;

    private static string TextOf(TestPage page) => page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n');
}
