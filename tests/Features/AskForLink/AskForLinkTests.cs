using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.AskForLink;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;
using Asking = PatientResponse.Features.AskForLink.AskForLink;

namespace PatientResponse.Tests.Features.AskForLinks;

public sealed class AskForLinkTests : IAsyncDisposable
{
    private const string Ask = "form[action$='/new-link']";
    private static readonly DateTimeOffset Late = Given.SentAt + Conversation.TimeToReply;
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void Only_a_link_that_has_expired_or_is_locked_can_be_asked_for_anew_and_once_a_day()
    {
        var locked = new LinkLocked(Given.SentAt);
        Assert.Single(Asked(Given.SentAt, Given.Asked, locked));
        Assert.Single(Asked(Late, Given.Asked));
        Assert.Empty(Asked(Given.SentAt, Given.Asked));
        Assert.Empty(Asked(Late, Given.Asked, Given.Replied));
        Assert.Empty(Asked(Late, Given.Asked, new ConversationCancelled(Given.SentAt)));
        Assert.Empty(Asked(Late + TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1), Given.Asked, new NewLinkAsked(Late)));
        Assert.Single(Asked(Late + TimeSpan.FromHours(24), Given.Asked, new NewLinkAsked(Late)));

        static Events Asked(DateTimeOffset now, params object[] events) =>
            AskForLinkHandler.Handle(new Asking(Given.Token, Guid.NewGuid()), Given.Conversation(events), now).Item1;
    }

    [Fact]
    public async Task Pat_asks_for_a_new_link_and_Alice_hears_of_it_once_without_a_word_about_Pat()
    {
        var (alice, id, link) = await ExpiredAsync();
        var emails = _app.SentEmails.Count;
        var pat = _app.NewBrowser();
        await pat.GetAsync(link);

        for (var click = 0; click < 3; click++)
        {
            await pat.GetAsync(link);
            await pat.SubmitAsync(Ask);
            Assert.Contains("We have passed it on", pat.Page.Text);
            Assert.Contains("Demo Surgery", pat.Page.Text);
        }
        await _app.DoQueuedWorkAsync();

        var email = _app.SentEmails[0];
        Assert.Equal(emails + 1, _app.SentEmails.Count);
        Assert.Equal((Scenario.AlicesEmail, "A patient asks for a new link"), (email.To, email.Subject));
        Assert.Contains($"/conversations/{id:N}", email.Text);
        Assert.All(["Test Patient", "999 000", "9990000018", "07700", link[3..], "knee"], secret => Assert.DoesNotContain(secret, email.Text));
        Assert.Equal(HttpStatusCode.Gone, (await pat.GetAsync(link)).Status);
        Assert.Contains("New link asked for", (await alice.GetAsync("/conversations")).Html.QuerySelector(".app-conversations__item")!.TextContent);
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("ask again below", alice.Page.Text);

        await alice.SubmitAsync("#compose", ("text", "How is your knee now?"));
        Assert.DoesNotContain("New link asked for", (await alice.GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task A_locked_link_is_asked_for_anew_from_the_page_that_locked_it_and_unlocking_answers_that()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        var pat = _app.NewBrowser();
        await pat.GetAsync(_app.NewestLink());
        for (var day = 1; day <= Conversation.DateOfBirthTries; day++)
            await pat.GivesDateOfBirthAsync(day, 2, 1990);
        await pat.SubmitAsync(Ask);
        await _app.DoQueuedWorkAsync();
        Assert.Contains(_app.SentEmails, email => email.Subject == "A patient asks for a new link");

        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("New link asked for", alice.Page.Text);
        await alice.SubmitAsync("form[action$=unlock]");
        Assert.DoesNotContain("New link asked for", alice.Page.Text);
        await _app.PatOpensAsync(_app.NewestLink());
    }

    [Fact]
    public async Task Nobody_can_tell_from_the_answer_what_came_of_it()
    {
        var (alice, id, link) = await ExpiredAsync();
        var first = await AnswerAsync(link);
        Assert.Equal(first, await AnswerAsync(link));
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/done']");
        Assert.Equal(first, await AnswerAsync(link));
        await _app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail);
        Assert.Equal(first, await AnswerAsync(link));
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Store((await session.LoadAsync<Practice>("demo"))! with { ShowNameBeforeDateOfBirth = false });
            await session.SaveChangesAsync();
            return true;
        });
        var unnamed = await AnswerAsync(link);
        Assert.DoesNotContain("Demo Surgery", unnamed);
        Assert.Equal(unnamed, await AnswerAsync("/r/00000000000000000000000000"));
        Assert.Equal(unnamed, await AnswerAsync("/r/nonsense"));
    }

    [Fact]
    public async Task Whoever_takes_over_finds_that_a_new_link_was_asked_for_after_the_requester_had_left()
    {
        var (alice, id, link) = await ExpiredAsync();
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/done']");
        await _app.CommandAsync("clinician", "disable", Scenario.AlicesEmail);
        var emails = _app.SentEmails.Count;
        await AnswerAsync(link);
        await _app.DoQueuedWorkAsync();
        Assert.Equal(emails, _app.SentEmails.Count);

        await _app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail);

        Assert.Contains("New link asked for", (await (await _app.BobSignsInAsync()).GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task Another_site_cannot_ask_and_looking_at_the_answer_asks_for_nothing()
    {
        var (_, id, link) = await ExpiredAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://localhost{link}/new-link") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await _app.NewBrowser().SendAsync(request)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _app.NewBrowser().GetAsync($"{link}/new-link")).Status);
        Assert.Null((await _app.ConversationAsync(id)).NewLinkAskedAt);
    }

    [Fact]
    public async Task Pat_whose_time_ends_while_writing_can_ask_and_copy_the_words()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        _app.Time.Advance(Conversation.TimeToReply - TimeSpan.FromMinutes(1));
        var pat = await _app.PatOpensAsync($"/r/{(await _app.ConversationAsync(id)).Token}");
        _app.Time.Advance(TimeSpan.FromMinutes(1));
        await pat.AnswersAsync("It hurts");
        Assert.Contains("It hurts", pat.Page.Text);
        await pat.SubmitAsync(Ask);
        Assert.NotNull((await _app.ConversationAsync(id)).NewLinkAskedAt);
    }

    /// <summary>A request of Alice's whose time is over, which she has been told of.</summary>
    private async Task<(TestBrowser Alice, Guid Id, string Link)> ExpiredAsync()
    {
        var id = await (await _app.AliceSignsInAsync()).AsksAsync(_app);
        var link = _app.NewestLink();
        _app.Time.Advance(Conversation.TimeToReply + Conversation.TimeToUpload);
        await _app.DoQueuedWorkAsync();
        return (await _app.AliceSignsInAsync(), id, link);
    }

    private async Task<string> AnswerAsync(string link) =>
        (await _app.NewBrowser().OpenAsync(new HttpRequestMessage(HttpMethod.Post, $"http://localhost{link}/new-link"))).Source;
}
