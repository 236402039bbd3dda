using System.Net;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

public sealed class SendMessageTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Alice_asks_the_test_patient_and_the_very_text_of_the_preview_goes_out()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "{5} €5?"), ("allowResponse", "true"), ("sending", "nonsense"));
        await _app.DoQueuedWorkAsync();

        var sms = Assert.Single(_app.SentTexts);
        Assert.Equal("+447700900001", sms.To);
        var link = Scenario.LinkIn(sms.Text);
        var preview = await PreviewAsync(alice, "{5} €5?", allowResponse: true);
        Assert.Equal(preview.Replace("/r/xxxxxxxxxxxxxxxxxxxxxxxxxx", link), sms.Text);
    }

    [Fact]
    public async Task Without_the_tick_the_message_has_no_link_and_nothing_will_expire()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        Assert.False(alice.Page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));

        await alice.SubmitAsync("#compose", ("text", "Your results are normal"));
        await _app.DoQueuedWorkAsync();

        Assert.DoesNotContain("/r/", Assert.Single(_app.SentTexts).Text);
        Assert.Equal(0, await CountAsync("select count(*) from wolverine_incoming_envelopes"));
        Assert.Equal(0, await CountAsync("select count(*) from mt_doc_link"));
    }

    [Fact]
    public async Task A_double_click_sends_once()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var clicks = Enumerable.Range(0, 5).Select(_ => alice.Submission("#compose", ("text", "Once"), ("allowResponse", "true"))).ToList();

        var answers = await Task.WhenAll(clicks.Select(click => Task.Run(() => alice.SendAsync(click))));
        await _app.DoQueuedWorkAsync();

        Assert.Single(answers.Select(answer => answer.Headers.Location!.ToString()).Distinct());
        Assert.Single(_app.SentTexts);
        Assert.Equal(1, await CountAsync("select count(*) from mt_events where type = 'message_sent'"));
    }

    [Fact]
    public async Task A_conflict_that_is_no_double_click_is_decided_again_and_the_message_goes()
    {
        var (alice, conflicts) = await AliceWithConflictsAsync(1);

        await alice.SubmitAsync("#compose", ("text", "Once"), ("allowResponse", "true"));
        await _app.DoQueuedWorkAsync();

        Assert.Equal(0, conflicts.Left);
        Assert.Contains("Once", alice.Page.Text, StringComparison.Ordinal);
        Assert.Single(_app.SentTexts);
    }

    [Fact]
    public async Task With_the_database_away_the_words_are_shown_and_can_be_sent_from_there_once_it_is_back()
    {
        var (alice, conflicts) = await AliceWithConflictsAsync(int.MaxValue);

        var page = await alice.SubmitAsync("#compose", ("text", "My long and careful words"), ("allowResponse", "true"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("My long and careful words", page.Html.QuerySelector("#text")!.TextContent, StringComparison.Ordinal);
        conflicts.Left = 0;
        await alice.SubmitAsync("main form");
        Assert.StartsWith("/conversations/", alice.Page.Address.AbsolutePath, StringComparison.Ordinal);
        await _app.DoQueuedWorkAsync();
        Assert.Single(_app.SentTexts);
    }

    private async Task<(TestBrowser Alice, Conflicts Conflicts)> AliceWithConflictsAsync(int number)
    {
        var conflicts = new Conflicts();
        _app.Replace = conflicts.Use;
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        conflicts.Left = number;
        return (alice, conflicts);
    }

    [Fact]
    public async Task A_page_that_was_sent_and_then_changed_asks_before_it_sends_again()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var changed = alice.Submission("#compose", ("text", "Second thoughts"));
        await alice.SubmitAsync("#compose", ("text", "First"));

        var page = await alice.OpenAsync(changed);
        Assert.Contains("You have sent a message from this page already", page.Text);
        Assert.Contains("Second thoughts", page.Html.QuerySelector("#text")!.TextContent);
        await alice.SubmitAsync("#compose");
        await _app.DoQueuedWorkAsync();

        Assert.Equal(2, _app.SentTexts.Count);
    }

    [Theory]
    [InlineData("", "Enter a message")]
    [InlineData("   \n", "Enter a message")]
    public async Task An_empty_message_is_refused_beside_its_field(string text, string problem)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);

        var page = await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains(problem, page.Html.QuerySelector("#text-error")!.TextContent);
        Assert.True(page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
    }

    [Theory]
    [InlineData('a', 612)]
    [InlineData('я', 268)]
    public async Task The_longest_message_goes_and_one_character_more_is_refused(char letter, int most)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var frame = (await PreviewAsync(alice, "", allowResponse: true)).Length;
        var longest = new string(letter, most - frame);

        var page = await alice.SubmitAsync("#compose", ("text", longest + letter), ("allowResponse", "true"));
        Assert.Contains("The message is 1 character too long", page.Text);
        Assert.Contains($"{most + 1} of {most}", page.Text);

        page = await alice.SubmitAsync("#compose", ("text", longest), ("allowResponse", "true"));
        Assert.StartsWith("/conversations/", page.Address.AbsolutePath, StringComparison.Ordinal);
        await _app.DoQueuedWorkAsync();
        Assert.Equal(most, SmsText.Measure(Assert.Single(_app.SentTexts).Text).Units);
    }

    [Fact]
    public async Task The_link_is_at_the_configured_address_whatever_the_request_says()
    {
        _app.Settings["PublicUrl"] = "https://reply.example.nhs.uk/";
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var post = alice.Submission("#compose", ("text", "Hello"), ("allowResponse", "true"));
        post.Headers.Host = "evil.example";
        post.Headers.Add("X-Forwarded-Host", "evil.example");
        await alice.SendAsync(post);
        await _app.DoQueuedWorkAsync();

        Assert.Matches(@"https://reply\.example\.nhs\.uk/r/[0-9a-z]{26}", Assert.Single(_app.SentTexts).Text);
        Assert.DoesNotContain("evil", _app.SentTexts[0].Text);
    }

    [Fact]
    public async Task A_clinician_who_reaches_the_daily_cap_is_told_and_may_send_again_tomorrow()
    {
        var alice = await _app.AliceSignsInAsync();
        await CapAsync(practice => practice.DailyCapPerClinician = 2);
        await SendAsync(alice, "One");
        await SendAsync(alice, "Two");

        var page = await SendAsync(alice, "Three");
        Assert.Contains("You have reached the most text messages that one person may send in a day (2)", page.Text);
        Assert.Contains("Three", page.Html.QuerySelector("#text")!.TextContent);

        _app.Time.Advance(TimeSpan.FromHours(24));
        Assert.StartsWith("/conversations/", (await SendAsync(await _app.AliceSignsInAsync(), "Three")).Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_practices_cap_counts_everybody()
    {
        await _app.AliceSignsInAsync();
        await CapAsync(practice => practice.DailyCap = 1);
        await SendAsync(await _app.AliceSignsInAsync(), "One");

        Assert.Contains("Demo Surgery has reached the most text messages that it may send in a day", (await SendAsync(await _app.BobSignsInAsync(), "Two")).Text);
    }

    [Fact]
    public async Task A_patient_who_died_or_is_restricted_cannot_be_messaged()
    {
        var alice = await _app.AliceSignsInAsync();
        foreach (var (sample, why) in new (Func<PatientRecord, bool>, string)[]
        {
            (p => p.Deceased, "has died"),
            (p => p.Restricted, "sensitive record"),
        })
        {
            var page = await alice.GetAsync(await AddressOfAsync(SamplePatients.Read().First(sample)));
            Assert.Contains(why, page.Text);
            Assert.Null(page.Html.QuerySelector("#compose"));

            await alice.GetAsync(Scenario.TestPatient);
            var forged = alice.Submission("#compose", ("text", "Hello"));
            forged.RequestUri = page.Address;
            Assert.Contains(why, (await alice.OpenAsync(forged)).Text);
            Assert.Empty((await alice.GetAsync("/conversations")).Html.QuerySelectorAll(".app-conversations__item"));
        }
    }

    [Fact]
    public async Task A_patient_of_nobody_is_not_found()
    {
        var alice = await _app.AliceSignsInAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync("/patients/0123456789abcdef0123456789abcdef/message")).Status);
    }

    [Fact]
    public async Task A_stale_page_sends_nothing_and_shows_the_words_back()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);

        var page = await alice.SubmitAsync("#compose", ("text", "Keep these words"), ("__RequestVerificationToken", "stale"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("Keep these words", page.Html.QuerySelector("textarea")!.TextContent);
        Assert.Equal(0, await CountAsync("select count(*) from mt_events"));
        await alice.SubmitAsync("main form");
        Assert.Equal(1, await CountAsync("select count(*) from mt_events"));
    }

    private static async Task<TestPage> SendAsync(TestBrowser browser, string text)
    {
        await browser.GetAsync(Scenario.TestPatient);
        return await browser.SubmitAsync("#compose", ("text", text));
    }

    private static async Task<string> PreviewAsync(TestBrowser browser, string text, bool allowResponse)
    {
        await browser.GetAsync(Scenario.TestPatient);
        var preview = browser.Submission("#compose", ("text", text), ("allowResponse", allowResponse ? "true" : ""));
        preview.RequestUri = new Uri(preview.RequestUri!, "/patients/test/message/preview");
        var page = await TestPage.ReadAsync(await browser.SendAsync(preview), preview.RequestUri);
        return page.Html.QuerySelector(".app-sms")!.TextContent;
    }

    private Task<bool> CapAsync(Action<Practice> change) => _app.WithAsync<IDocumentSession, bool>(async session =>
    {
        var practice = (await session.LoadAsync<Practice>("demo"))!;
        change(practice);
        session.Store(practice);
        await session.SaveChangesAsync();
        return true;
    });

    private Task<string> AddressOfAsync(PatientRecord sample) => _app.WithAsync<IPatientDirectory, string>(async patients =>
        $"/patients/{(await patients.SearchAsync(new PatientQuery.ByNhsNumber(sample.NhsNumber), new Clinician { PracticeId = "demo" }, CancellationToken.None))![0].Id}/message");

    private Task<long> CountAsync(string sql) => _app.WithAsync<IDatabase, long>(async database =>
        (await database.QueryAsync<long>(sql, null, CancellationToken.None))[0]);
}
