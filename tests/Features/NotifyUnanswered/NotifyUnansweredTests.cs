using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Notifying;

public class NotifyUnansweredTests
{
    private static readonly TimeSpan UntilItIsWrittenDown = Conversation.TimeToReply + Conversation.TimeToUpload;

    /// <summary>They were sent on a Monday at half past nine.</summary>
    [Fact]
    public async Task Many_requests_that_end_on_one_day_are_one_email_the_next_morning()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        foreach (var text in new[] { "first", "second", "third" })
        {
            await alice.AsksAsync(app, text);
            app.Time.Advance(TimeSpan.FromMinutes(5));
        }
        await (await app.BobSignsInAsync()).AsksAsync(app, "Bob's");
        app.Time.Advance(UntilItIsWrittenDown);
        await app.DoQueuedWorkAsync();
        Assert.Empty(app.SentEmails);

        app.Time.Advance(TimeSpan.FromHours(21));
        await app.DoQueuedWorkAsync();
        Assert.Empty(app.SentEmails);
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.DoQueuedWorkAsync();

        Assert.Equal(
            [(Scenario.BobsEmail, "1 request to a patient ended without an answer"), (Scenario.AlicesEmail, "3 requests to patients ended without an answer")],
            app.SentEmails.Select(email => (email.To, email.Subject!)).OrderBy(email => email.Item1));
        Assert.All(app.SentEmails, email =>
        {
            Assert.Contains("/conversations?state=no-answer", email.Text);
            Assert.All(["Test", "999", "1980", "first"], secret => Assert.DoesNotContain(secret, email.Text, StringComparison.Ordinal));
        });
        app.Time.Advance(TimeSpan.FromDays(10));
        await app.DoQueuedWorkAsync();
        Assert.Equal(2, app.SentEmails.Count);
    }

    [Fact]
    public async Task Who_has_dealt_with_them_by_then_hears_nothing()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        app.Time.Advance(UntilItIsWrittenDown);
        await app.DoQueuedWorkAsync();
        await app.AppendAsync(id, new ConversationDone(app.Time.GetUtcNow()));

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.DoQueuedWorkAsync();

        Assert.Empty(app.SentEmails);
    }

    [Fact]
    public async Task Alice_does_not_want_it_any_more_and_then_wants_it_again()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        Assert.True(alice.Page.Html.QuerySelector("#dailyEmail")!.HasAttribute("checked"));
        await alice.SubmitAsync("form[action='/account']", ("dailyEmail", ""));
        Assert.False((await alice.GetAsync("/account")).Html.QuerySelector("#dailyEmail")!.HasAttribute("checked"));
        await alice.AsksAsync(app);
        app.Time.Advance(UntilItIsWrittenDown);
        await app.DoQueuedWorkAsync();
        app.Time.Advance(TimeSpan.FromDays(1));
        await app.DoQueuedWorkAsync();
        Assert.Empty(app.SentEmails);

        alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        await alice.SubmitAsync("form[action='/account']", ("dailyEmail", "true"));
        await alice.AsksAsync(app);
        app.Time.Advance(UntilItIsWrittenDown + TimeSpan.FromDays(1));
        await app.DoQueuedWorkAsync();
        app.Time.Advance(TimeSpan.FromDays(1));
        await app.DoQueuedWorkAsync();

        Assert.Equal("2 requests to patients ended without an answer", Assert.Single(app.SentEmails).Subject);
        Assert.Equal(["daily email", "daily email"], (await app.WithAsync<IDatabase, IReadOnlyList<string>>(database =>
            database.QueryAsync<string>("select detail from audit where action = 'changed account' order by id", null, CancellationToken.None))));
    }

    /// <summary>Half past seven in the United Kingdom, whatever that is in UTC.</summary>
    [Theory]
    [InlineData("2026-03-09T07:29:59Z", "2026-03-09", "2026-03-09T07:30:00Z")]
    [InlineData("2026-03-09T07:30:00Z", "2026-03-10", "2026-03-10T07:30:00Z")]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29", "2026-03-29T06:30:00Z")]
    [InlineData("2026-06-30T23:30:00Z", "2026-07-01", "2026-07-01T06:30:00Z")]
    public void It_is_planned_for_the_next_morning(string now, string day, string due) =>
        Assert.Equal((DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), At(due)), UnansweredEmail.NextAfter(At(now)));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
