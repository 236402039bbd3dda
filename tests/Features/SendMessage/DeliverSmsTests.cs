using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

public class DeliverSmsTests
{
    [Fact]
    public async Task An_SMS_that_the_provider_takes_is_sent_once()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();

        await alice.Copy.DoQueuedWorkAsync();
        await alice.RunAgainAsync(id);

        Assert.Equal("+447700900123", Assert.Single(alice.Carrier.Calls).To);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsAccepted"], await alice.Copy.EventsOfAsync(id));
        Assert.Empty(alice.Copy.Emails);
    }

    [Fact]
    public async Task The_attempt_is_on_record_before_the_provider_is_called()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        (Delivery, Guid?) duringCall = default;
        alice.Carrier.Answer = async sms =>
        {
            var conversation = await alice.Copy.ReadAsync(id);
            duringCall = (conversation.Delivery, conversation.OpenAttempt);
            Assert.Equal(sms.AttemptId, conversation.OpenAttempt);
            return new SmsOutcome.Accepted("1");
        };

        await alice.Copy.DoQueuedWorkAsync();

        Assert.Equal((Delivery.Sending, alice.Carrier.Calls[0].AttemptId), duringCall);
    }

    [Fact]
    public async Task A_wrong_number_is_not_tried_again_and_the_requester_is_told_at_once()
    {
        await using var alice = await Sending.StartAsync();
        alice.Carrier.Answer = _ => Is(new SmsOutcome.Permanent(SmsFailure.WrongNumber));
        var id = await alice.SendAsync();

        await alice.Copy.DoQueuedWorkAsync();
        await alice.RunAgainAsync(id);
        await alice.WaitAsync(TimeSpan.FromHours(5));

        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsFailed"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(SmsFailure.WrongNumber, (await alice.Copy.ReadAsync(id)).DeliveryFailure);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(alice.Copy.Emails));
    }

    [Fact]
    public async Task A_busy_provider_is_asked_again_with_the_same_SMS_until_it_takes_it()
    {
        await using var alice = await Sending.StartAsync();
        alice.Carrier.Answer = _ => Is(alice.Carrier.Calls.Count < 4 ? new SmsOutcome.Transient() : new SmsOutcome.Accepted("1"));
        var id = await alice.SendAsync();

        await alice.Copy.DoQueuedWorkAsync();
        Assert.Equal(Delivery.Queued, (await alice.Copy.ReadAsync(id)).Delivery);
        await alice.WaitAsync(TimeSpan.FromSeconds(29));
        Assert.Single(alice.Carrier.Calls);
        await alice.WaitAsync(TimeSpan.FromMinutes(10));
        await alice.RunAgainAsync(id);

        Assert.Equal(4, alice.Carrier.Calls.Count);
        Assert.Single(alice.Carrier.Calls.Select(call => call.Text).Distinct());
        Assert.Equal(4, alice.Carrier.Calls.Select(call => call.AttemptId).Distinct().Count());
        Assert.Equal(Delivery.Sent, (await alice.Copy.ReadAsync(id)).Delivery);
        Assert.Empty(alice.Copy.Emails);
    }

    [Fact]
    public async Task The_provider_s_wish_to_wait_is_kept()
    {
        await using var alice = await Sending.StartAsync();
        alice.Carrier.Answer = _ => Is(alice.Carrier.Calls.Count < 2 ? new SmsOutcome.Transient(TimeSpan.FromMinutes(20)) : new SmsOutcome.Accepted("1"));
        await alice.SendAsync();

        await alice.Copy.DoQueuedWorkAsync();
        await alice.WaitAsync(TimeSpan.FromMinutes(20) - TimeSpan.FromSeconds(1));
        Assert.Single(alice.Carrier.Calls);
        await alice.WaitAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(2, alice.Carrier.Calls.Count);
    }

    [Fact]
    public async Task After_four_hours_of_a_busy_provider_the_requester_is_told()
    {
        await using var alice = await Sending.StartAsync();
        alice.Carrier.Answer = _ => Is(new SmsOutcome.Transient());
        var id = await alice.SendAsync();

        await alice.Copy.DoQueuedWorkAsync();
        await alice.WaitAsync(TimeSpan.FromHours(4) - TimeSpan.FromMinutes(1));
        Assert.Equal(Delivery.Queued, (await alice.Copy.ReadAsync(id)).Delivery);
        Assert.Empty(alice.Copy.Emails);
        await alice.WaitAsync(TimeSpan.FromMinutes(1));
        var calls = alice.Carrier.Calls.Count;
        await alice.RunAgainAsync(id);
        await alice.WaitAsync(TimeSpan.FromHours(4));

        Assert.InRange(calls, 5, 30);
        Assert.Equal(calls, alice.Carrier.Calls.Count);
        Assert.Equal((Delivery.Failed, SmsFailure.GaveUp), ((await alice.Copy.ReadAsync(id)).Delivery, (await alice.Copy.ReadAsync(id)).DeliveryFailure));
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(alice.Copy.Emails));
    }

    [Fact]
    public async Task An_SMS_that_may_have_gone_is_never_sent_again_and_the_requester_is_told()
    {
        await using var alice = await Sending.StartAsync();
        foreach (var answer in new Func<Task<SmsOutcome>>[] { () => Is(new SmsOutcome.Unknown()), () => throw new TimeoutException(), () => throw new OperationCanceledException() })
        {
            alice.Carrier.Calls.Clear();
            alice.Carrier.Answer = _ => answer();
            var emails = alice.Copy.Emails.Count;
            var id = await alice.SendAsync();

            await alice.Copy.DoQueuedWorkAsync();
            await alice.RunAgainAsync(id);
            await alice.WaitAsync(TimeSpan.FromDays(1));

            Assert.Single(alice.Carrier.Calls);
            Assert.Equal(["MessageSent", "SmsAttempted", "SmsUnknown"], await alice.Copy.EventsOfAsync(id));
            Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(alice.Copy.Emails.Skip(emails)));
        }
    }

    [Fact]
    public async Task A_process_that_stops_during_the_call_leaves_one_call_and_a_requester_who_knows()
    {
        await using var alice = await Sending.StartAsync();
        await using var survivor = alice.AnotherCopy();
        var id = await alice.SendAsync();
        var never = new TaskCompletionSource<SmsOutcome>();
        var called = new TaskCompletionSource();
        alice.Carrier.Answer = _ =>
        {
            called.SetResult();
            return never.Task;
        };
        var dead = alice.Copy.ProcessOneAsync();
        await called.Task;

        await survivor.DoQueuedWorkAsync();
        Assert.Equal(Delivery.Sending, (await survivor.ReadAsync(id)).Delivery);
        await alice.Copy.IsTakenForDeadAsync();
        await survivor.DoQueuedWorkAsync();
        await alice.RunAgainAsync(id);

        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsUnknown"], await survivor.EventsOfAsync(id));
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(survivor.Emails));

        // It was only very slow, after all: what it learns changes nothing, and it does not call again.
        never.SetResult(new SmsOutcome.Transient());
        await dead;
        await alice.WaitAsync(TimeSpan.FromHours(5));
        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(3, (await survivor.EventsOfAsync(id)).Count);
        Assert.Equal(0, await alice.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task A_cancelled_message_that_still_waits_is_not_sent()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        await alice.Copy.AppendAsync(id, new ConversationCancelled(alice.Copy.Time.GetUtcNow()));

        await alice.Copy.DoQueuedWorkAsync();
        await alice.RunAgainAsync(id);

        Assert.Empty(alice.Carrier.Calls);
        Assert.Equal(0, await alice.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task An_older_sending_does_nothing_once_the_message_is_sent_again()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        await alice.Copy.AppendAsync(id, new SmsSentAgain("The new link", LinkToken.New().Value, alice.Copy.Time.GetUtcNow()));
        await alice.Copy.DoQueuedWorkAsync();
        Assert.Empty(alice.Carrier.Calls);

        await alice.Copy.SaveAsync(session => session.Publish(new() { new DeliverSms(id, 2, alice.Copy.Time.GetUtcNow()) }));
        await alice.Copy.DoQueuedWorkAsync();
        Assert.Equal("The new link", Assert.Single(alice.Carrier.Calls).Text);
    }

    [Fact]
    public async Task Something_else_that_happens_at_every_save_costs_no_second_SMS()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        // The first save, before the call: somebody is faster once, right after the handler has read the state.
        var interrupted = false;
        alice.BeforeSave = async () =>
        {
            if (interrupted)
                return;
            interrupted = true;
            await alice.Other.AppendAsync(id, new ConversationOpened(alice.Copy.Time.GetUtcNow()));
        };
        // The second save, after the call.
        alice.Carrier.Answer = async _ =>
        {
            await alice.Other.AppendAsync(id, new DateOfBirthRefused("wrong", alice.Copy.Time.GetUtcNow()));
            interrupted = false;
            return new SmsOutcome.Accepted("1");
        };

        await alice.Copy.DoQueuedWorkAsync();

        Assert.True(interrupted);
        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "ConversationOpened", "SmsAttempted", "DateOfBirthRefused", "ConversationOpened", "SmsAccepted"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(0, await alice.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task Whoever_was_paused_and_taken_for_dead_before_the_call_does_not_call()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        var paused = false;
        alice.BeforeSave = async () =>
        {
            if (paused)
                return;
            paused = true;
            await alice.Copy.IsTakenForDeadAsync();
            await alice.Other.DoQueuedWorkAsync();
        };

        await alice.Copy.DoQueuedWorkAsync();

        Assert.True(paused);
        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsAccepted"], await alice.Copy.EventsOfAsync(id));
    }

    [Fact]
    public async Task A_postponed_SMS_is_one_message_in_the_queue_whenever_the_process_stops()
    {
        await using var alice = await Sending.StartAsync();
        alice.Carrier.Answer = _ => Is(new SmsOutcome.Transient(TimeSpan.FromMinutes(5)));
        var id = await alice.SendAsync();
        var saves = 0;
        // The process stops after its second save, the one that records the answer.
        alice.BeforeSave = () => ++saves > 2 ? throw new InvalidOperationException("Stopped") : Task.CompletedTask;

        await alice.Copy.ProcessOneAsync();

        Assert.Equal(["MessageSent", "SmsAttempted", "SmsPostponed"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(1, await alice.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task An_answer_that_comes_while_the_database_is_away_is_written_down_when_it_is_back()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        AwayFor(alice, TimeSpan.FromSeconds(30));

        Assert.True(await alice.Copy.Time.PassUntilAsync(alice.Copy.ProcessOneAsync()));

        Assert.Equal(["MessageSent", "SmsAttempted", "SmsAccepted"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(0, await alice.Database.CountAsync(QueuedWork.Waiting));
        Assert.Empty(alice.Copy.Emails);
    }

    [Fact]
    public async Task An_answer_is_not_kept_for_ever_while_the_database_is_away_and_the_requester_learns_that_nobody_knows_it()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        AwayFor(alice, TimeSpan.FromHours(1));

        Assert.True(await alice.Copy.Time.PassUntilAsync(alice.Copy.ProcessOneAsync()));
        await alice.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsUnknown"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(alice.Copy.Emails));
    }

    [Fact]
    public async Task After_a_week_without_us_a_dead_link_is_not_sent_and_the_requester_is_told()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        alice.Copy.Time.Advance(Conversation.TimeToReply);

        await alice.Copy.DoQueuedWorkAsync();
        await alice.RunAgainAsync(id);

        Assert.Empty(alice.Carrier.Calls);
        Assert.Equal((Delivery.Failed, SmsFailure.GaveUp), ((await alice.Copy.ReadAsync(id)).Delivery, (await alice.Copy.ReadAsync(id)).DeliveryFailure));
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(alice.Copy.Emails));
    }

    [Fact]
    public async Task An_SMS_that_is_parked_is_not_left_as_being_sent_and_the_requester_is_told()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        var saves = 0;
        // What the handler saves fails; that it failed is written down.
        alice.BeforeSave = () => saves++ % 2 == 0 ? throw new InvalidOperationException("Poison") : Task.CompletedTask;

        for (var attempt = 1; attempt <= FailedMessages.MaxAttempts; attempt++)
        {
            Assert.Equal(Delivery.Queued, (await alice.Copy.ReadAsync(id)).Delivery);
            Assert.True(await alice.Copy.ProcessOneAsync());
            alice.Copy.Time.Advance(TimeSpan.FromMinutes(10));
        }
        await alice.Other.DoQueuedWorkAsync();

        Assert.Empty(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsFailed"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(1, await alice.Database.CountAsync(QueuedWork.Parked));
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(alice.Other.Emails));
    }

    [Fact]
    public async Task An_SMS_whose_call_takes_the_process_down_each_time_is_parked_in_the_end_and_the_requester_is_told()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        await alice.Copy.AppendAsync(id, new SmsAttempted(Guid.NewGuid(), alice.Copy.Time.GetUtcNow()));
        // Begun eight times, and never came to an end.
        await alice.Database.ExecuteAsync($"update {QueuedWork.Waiting} set attempts = @n", ("n", FailedMessages.MaxAttempts));

        await alice.Copy.DoQueuedWorkAsync();

        Assert.Equal(1, await alice.Database.CountAsync(QueuedWork.Parked));
        Assert.Equal(Delivery.Unknown, (await alice.Copy.ReadAsync(id)).Delivery);
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(alice.Copy.Emails));
    }

    /// <summary>The database goes away while the provider is asked.</summary>
    private static void AwayFor(Sending alice, TimeSpan time)
    {
        DateTimeOffset? back = null;
        alice.Carrier.Answer = _ =>
        {
            back = alice.Copy.Time.GetUtcNow() + time;
            return Is(new SmsOutcome.Accepted("1"));
        };
        alice.BeforeSave = () => alice.Copy.Time.GetUtcNow() < back ? throw new NpgsqlException("Away") : Task.CompletedTask;
    }

    private static Task<SmsOutcome> Is(SmsOutcome outcome) => Task.FromResult(outcome);
}
