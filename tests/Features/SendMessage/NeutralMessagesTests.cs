using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>Safe contact: whoever else reads Pat's messages learns nothing from them.</summary>
public sealed class NeutralMessagesTests : IAsyncDisposable
{
    private static readonly string[] Telling = ["Demo", "Surgery", "Dana", "Pat", "Test", "rash", "01632", "GP", "NHS", "health", "clinic"];
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_neutral_text_message_tells_nothing_and_Pat_reads_the_words_after_the_date_of_birth()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        await _app.DoQueuedWorkAsync();

        var sms = Assert.Single(_app.SentTexts).Text;
        var link = Scenario.LinkIn(sms);
        Assert.All(Telling, word => Assert.DoesNotContain(word, sms.Replace(link, "", StringComparison.Ordinal)));
        Assert.Contains("You have a message", sms);
        Assert.Contains("How is your rash today?", alice.Page.Text);

        var pat = _app.NewBrowser();
        var main = (await pat.GetAsync(link)).Html.QuerySelector("main")!.TextContent;
        Assert.All(Telling, word => Assert.DoesNotContain(word, main));
        Assert.DoesNotContain("Demo Surgery", pat.Page.Source);
        Assert.DoesNotContain("Demo Surgery", (await pat.GivesDateOfBirthAsync(2, 2, 1980)).Source);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Contains("How is your rash today?", pat.Page.Text);
        Assert.Contains("Demo Surgery", pat.Page.Text);
    }

    [Fact]
    public async Task Nor_does_a_wrong_date_a_lock_or_asking_for_a_new_link_tell_anything()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        await _app.DoQueuedWorkAsync();
        var pat = _app.NewBrowser();
        await pat.GetAsync(Scenario.LinkIn(Assert.Single(_app.SentTexts).Text));

        for (var year = 1981; year <= 1985; year++)
        {
            await pat.GivesDateOfBirthAsync(2, 2, year);
            TellsNothing();
        }
        Assert.Equal(HttpStatusCode.Forbidden, pat.Page.Status);
        await pat.SubmitAsync("form[action$='/new-link']");
        Assert.Equal("We have passed it on", pat.Page.Heading);
        TellsNothing();

        void TellsNothing()
        {
            var shown = pat.Page.Html.QuerySelector("main")!.TextContent + pat.Page.Html.Title;
            Assert.All([.. Telling, "medical", "PatientResponse"], word => Assert.DoesNotContain(word, shown, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_preview_is_the_neutral_message_that_goes_out_however_long_the_words_are()
    {
        var alice = await _app.AliceSignsInAsync();
        var words = new string('ß', 2_000);
        await alice.GetAsync(Scenario.TestPatient);
        var preview = await alice.OpenAsync(Previewed(alice, ("text", words), ("allowResponse", "true"), ("neutral", "true")));
        var shown = preview.Html.QuerySelector(".app-sms")!.TextContent;
        Assert.Contains($"{SmsText.Measure(shown).Units} of 612 characters", preview.Text);

        await alice.GetAsync(Scenario.TestPatient);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.SubmitAsync("#compose", ("text", words + "x"), ("allowResponse", "true"), ("neutral", "true"))).Status);
        Assert.Contains("1 character too long", alice.Page.Text);
        Assert.True(alice.Page.Html.QuerySelector("#neutral")!.HasAttribute("checked"));
        await alice.SubmitAsync("#compose", ("text", words));
        await _app.DoQueuedWorkAsync();
        var sent = _app.SentTexts[0].Text;
        Assert.Equal(shown.Replace($"/r/{SmsComposer.TokenStandIn}", Scenario.LinkIn(sent)), sent);
    }

    [Fact]
    public async Task A_neutral_message_that_cannot_be_replied_to_is_not_sent_and_Alice_is_told_why()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var page = await alice.SubmitAsync("#compose", ("text", "Your results are normal"), ("neutral", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Tick “Allow patient response”", page.Html.QuerySelector(".nhsuk-error-summary a[href='#allowResponse']")!.TextContent);
        Assert.NotNull(page.Html.QuerySelector("#allowResponse-error"));
        Assert.Equal("Your results are normal", page.Html.QuerySelector("#text")!.TextContent.Trim());
    }

    [Fact]
    public async Task A_practice_can_want_it_of_every_message_and_then_nobody_sends_another()
    {
        await _app.CommandAsync("practice", "set", "demo", "--neutral-messages", "true", "--sender-name", "Demo GP");
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        Assert.Null(alice.Page.Html.QuerySelector("#neutral"));
        Assert.Contains("Your practice sends all messages so", alice.Page.Text);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.SubmitAsync("#compose", ("text", "All is well"))).Status);

        var id = await alice.AsksAsync(_app, "How is your rash today?");

        Assert.All(Telling, word => Assert.DoesNotContain(word, _app.SentTexts[0].Text.Replace(_app.NewestLink(), "", StringComparison.Ordinal)));
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/send-again']");
        await _app.DoQueuedWorkAsync();
        Assert.All(Telling, word => Assert.DoesNotContain(word, _app.SentTexts[0].Text.Replace(_app.NewestLink(), "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Asking_again_after_a_neutral_message_is_neutral_too()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        var address = alice.Page.Address.AbsolutePath;
        await _app.DoQueuedWorkAsync();
        await alice.GetAsync(address);
        await alice.SubmitAsync("form[action$='/cancel']");
        Assert.True((await alice.GetAsync($"{address}/ask-again")).Html.QuerySelector("#neutral")!.HasAttribute("checked"));
    }

    [Fact]
    public async Task The_carrier_is_given_no_name_of_a_sender_for_a_neutral_message()
    {
        await using var sending = await Sending.StartAsync();
        await sending.Other.SaveAsync(session => session.Store(new Practice { Id = "demo", Name = "Demo Surgery", SenderName = "Demo GP" }));
        foreach (var neutral in new[] { false, true })
        {
            var id = Guid.CreateVersion7();
            await sending.Other.SaveAsync(session =>
            {
                session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, sending.Copy.Time.GetUtcNow()) with { PracticeId = "demo", Neutral = neutral }]);
                session.Publish(new() { new DeliverSms(id, 1, sending.Copy.Time.GetUtcNow()) });
            });
            await sending.Copy.DoQueuedWorkAsync();
        }
        Assert.Equal(["Demo GP", null], sending.Carrier.Calls.Select(call => call.SenderName));
    }

    private static HttpRequestMessage Previewed(TestBrowser alice, params (string, string)[] fields)
    {
        var request = alice.Submission("#compose", fields);
        request.RequestUri = new Uri(request.RequestUri!, request.RequestUri!.AbsolutePath + "/preview");
        return request;
    }
}
