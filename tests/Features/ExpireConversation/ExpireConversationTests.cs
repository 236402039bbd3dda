using PatientResponse.Features;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Expiring;

public class ExpireConversationTests
{
    private static readonly ExpireConversation Message = new(Given.Id);
    private static readonly DateTimeOffset Due = Given.SentAt + TimeSpan.FromSeconds(604_800) + TimeSpan.FromMinutes(15);

    [Fact]
    public void A_request_without_a_reply_expires_and_no_email_of_its_own_is_sent()
    {
        var (events, messages) = ExpireConversationHandler.Decide(Message, Given.Conversation(Given.Asked, Given.Accepted), Due);

        Assert.Equal([new ConversationExpired(Due)], events);
        Assert.Empty(messages.Select(message => message.Message).OfType<NotifyRequester>());
        Assert.Equal([null, Due + TimeSpan.FromHours(2)], messages.Where(message => message.Message is TidyDrafts).Select(message => message.Due));
    }

    [Fact]
    public void A_locked_request_expires_too() =>
        Assert.NotEmpty(ExpireConversationHandler.Decide(Message, Given.Conversation(Given.Asked, new LinkLocked(Given.SentAt)), Due).Item1);

    [Fact]
    public void What_is_over_stays_as_it_is() =>
        Assert.All<object>([Given.Replied, new ConversationCancelled(Due), new ConversationExpired(Due)], over =>
        {
            var (events, messages) = ExpireConversationHandler.Decide(Message, Given.Conversation(Given.Asked, over), Due);
            Assert.Empty(events);
            Assert.Empty(messages);
        });

    [Fact]
    public void Run_too_early_it_only_waits_on()
    {
        var (events, messages) = ExpireConversationHandler.Decide(Message, Given.Conversation(Given.Asked), Due - TimeSpan.FromMilliseconds(1));

        Assert.Empty(events);
        Assert.Equal((Message, Due), Assert.Single(messages) is { } only ? (only.Message, only.Due!.Value) : default);
    }

    [Fact]
    public async Task Alice_hears_once_the_next_morning_that_nobody_replied()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        app.Time.Advance(TimeSpan.FromSeconds(604_800) + TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        await app.DoQueuedWorkAsync();
        Assert.Equal(ConversationStatus.Open, (await app.ConversationAsync(id)).Status);

        app.Time.Advance(TimeSpan.FromSeconds(1));
        await app.DoQueuedWorkAsync();
        Assert.Equal(ConversationStatus.Expired, (await app.ConversationAsync(id)).Status);
        Assert.Empty(app.SentEmails);
        app.Time.Advance(TimeSpan.FromDays(1));
        await app.DoQueuedWorkAsync();
        app.Time.Advance(TimeSpan.FromDays(3));
        await app.DoQueuedWorkAsync();

        var email = Assert.Single(app.SentEmails);
        Assert.Equal((Scenario.AlicesEmail, "1 request to a patient ended without an answer"), (email.To, email.Subject));
        alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/conversations");
        Assert.Null(alice.Page.Html.QuerySelector(".app-badge"));
        Assert.Equal("No answer: 1", alice.Page.Html.QuerySelector("#no-answer-title")!.TextContent);
        Assert.Contains("No answer", alice.Page.Html.QuerySelector("#no-answer .app-conversations__item")!.TextContent);
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("The patient did not reply in time", alice.Page.Text);
    }

    [Fact]
    public async Task A_request_with_a_reply_never_expires()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "Better");
        await app.DoQueuedWorkAsync();

        app.Time.Advance(TimeSpan.FromDays(8));
        await app.DoQueuedWorkAsync();

        Assert.DoesNotContain(app.SentEmails, email => email.Subject!.Contains("has not replied", StringComparison.Ordinal));
        alice = await app.AliceSignsInAsync();
        Assert.Contains("The patient has replied", (await alice.GetAsync($"/conversations/{id:N}")).Text);
    }
}
