using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features.UploadReply;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Notifying;

/// <summary>Email is never the only alarm.</summary>
public sealed class MailTroubleTests : IAsyncDisposable
{
    private const string Banner = "Emails are delayed. Look at your list for replies.";
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly Exception Away = new DelayedException("The mail relay answered 421") { By = EmailDelay.Everybodys };
    private readonly Relay _relay = new();
    private readonly TestApp _app;

    public MailTroubleTests() => _app = new() { Replace = services => services.Replace(ServiceDescriptor.Singleton<IEmailSender>(_relay)) };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task While_the_relay_is_away_every_page_of_every_clinician_says_so_and_stops_when_mail_flows_again()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        _relay.Trouble = Away;
        await ReplyAsync(alice);
        Assert.DoesNotContain(Banner, (await alice.GetAsync("/conversations")).Text);

        await PassAsync(FiveMinutes);
        foreach (var page in new[] { "/", "/patients", "/conversations", "/templates", "/account", Scenario.TestPatient })
            Assert.Contains(Banner, (await alice.GetAsync(page)).Text);
        Assert.Contains(Banner, (await bob.GetAsync("/conversations")).Text);
        Assert.DoesNotContain(Banner, (await _app.NewBrowser().GetAsync("/sign-in")).Text);

        _relay.Trouble = null;
        await PassAsync(FiveMinutes);
        Assert.Single(_relay.Sent);
        Assert.DoesNotContain(Banner, (await alice.GetAsync("/conversations")).Text);
    }

    [Fact]
    public async Task Mail_that_is_put_off_for_one_person_is_told_to_that_person_alone()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        _relay.TroubleFor = email => new DelayedException("The mail relay answered 452") { By = EmailDelay.Of(email.ClinicianId) };
        await ReplyAsync(alice);
        await PassAsync(FiveMinutes);

        Assert.Contains(Banner, (await alice.GetAsync("/conversations")).Text);
        Assert.DoesNotContain(Banner, (await bob.GetAsync("/conversations")).Text);
    }

    [Fact]
    public async Task Mail_that_is_refused_is_parked_at_once_and_the_conversation_says_so()
    {
        var alice = await _app.AliceSignsInAsync();
        _relay.Trouble = new RefusedException("The mail relay answered 550");
        var id = await ReplyAsync(alice);

        var database = _app.Services.GetRequiredService<IDatabase>();
        Assert.Equal(1, await database.CountAsync($"{QueuedWork.Parked} where message_type like '%NotifyRequester' and exception_message = 'The mail relay answered 550'"));
        Assert.Contains("1 to do", (await alice.GetAsync("/conversations")).Text);
        var page = await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("We could not email you about this conversation", page.Text);
        Assert.Contains("We could not email you about this", page.Html.QuerySelector("#history")!.TextContent);
        Assert.DoesNotContain(Banner, page.Text);
    }

    [Fact]
    public async Task Mail_that_waited_for_four_days_is_given_up_and_the_conversation_says_so()
    {
        var alice = await _app.AliceSignsInAsync();
        _relay.Trouble = Away;
        var id = await ReplyAsync(alice);
        await PassAsync(FailedMessages.GiveUpDelayedAfter);

        Assert.Contains("We could not email you about this conversation", (await (await _app.AliceSignsInAsync()).GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task A_reply_that_nobody_has_read_is_emailed_about_once_more_after_24_hours()
    {
        var id = await ReplyAsync(await _app.AliceSignsInAsync());
        await PassAsync(UploadReplyHandler.RemindAfter - TimeSpan.FromMilliseconds(1));
        Assert.Single(_relay.Sent);

        await PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["A patient has replied to your message", "A patient's reply is still waiting for you"], _relay.Sent.Select(email => email.Subject));
        Assert.Contains($"/conversations/{id:N}", _relay.Sent[1].Text);
        Assert.NotEqual(_relay.Sent[0].MessageId, _relay.Sent[1].MessageId);

        await PassAsync(TimeSpan.FromDays(30));
        Assert.Equal(2, _relay.Sent.Count);
    }

    [Fact]
    public async Task A_reply_that_was_read_is_not_emailed_about_again()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await ReplyAsync(alice);
        await alice.GetAsync($"/conversations/{id:N}");

        await PassAsync(UploadReplyHandler.RemindAfter);

        Assert.Single(_relay.Sent);
    }

    [Fact]
    public async Task A_reminder_that_waited_for_the_relay_is_dropped_when_the_reply_was_read_meanwhile()
    {
        var id = await ReplyAsync(await _app.AliceSignsInAsync());
        _relay.Trouble = Away;
        await PassAsync(UploadReplyHandler.RemindAfter);
        await (await _app.AliceSignsInAsync()).GetAsync($"/conversations/{id:N}");
        _relay.Trouble = null;

        await PassAsync(FiveMinutes);

        Assert.Single(_relay.Sent);
    }

    private async Task<Guid> ReplyAsync(TestBrowser alice)
    {
        var id = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(id, "Better, thank you");
        await _app.DoQueuedWorkAsync();
        return id;
    }

    private async Task PassAsync(TimeSpan time)
    {
        _app.Time.Advance(time);
        await _app.DoQueuedWorkAsync();
    }

    private sealed class Relay : IEmailSender
    {
        public List<OutgoingEmail> Sent { get; } = [];

        public Exception? Trouble { get; set; }

        public Func<OutgoingEmail, Exception?>? TroubleFor { get; set; }

        public Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
        {
            if ((TroubleFor?.Invoke(email) ?? Trouble) is { } trouble)
                throw trouble;
            Sent.Add(email);
            return Task.CompletedTask;
        }
    }
}
