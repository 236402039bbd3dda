using System.Collections.Concurrent;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Messaging;

public class QueuedMessagesTests
{
    private const string TypeOfWaiting = $"select substring(message_type from '[^.]*$') from {QueuedWork.Waiting}";

    [Fact]
    public async Task Messages_are_done_when_they_are_due_the_longest_due_first()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var now = copy.Time.GetUtcNow();
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(
        [
            new OutgoingMessages.Envelope(new Tick(id, 3), now.AddSeconds(2)),
            new OutgoingMessages.Envelope(new Tick(id, 4), now.AddHours(1)),
            new OutgoingMessages.Envelope(new Tick(id, 1), null),
            new OutgoingMessages.Envelope(new Tick(id, 2), now.AddSeconds(1)),
        ]));

        await copy.DoQueuedWorkAsync();
        Assert.Equal([1], await copy.TicksAsync(id));

        copy.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await copy.DoQueuedWorkAsync();
        Assert.Equal([1, 2, 3], await copy.TicksAsync(id));

        copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        await copy.DoQueuedWorkAsync();
        Assert.Equal([1, 2, 3, 4], await copy.TicksAsync(id));
        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task What_a_handler_decides_is_saved_with_the_end_of_its_message()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new Decide(id) }));

        Assert.True(await copy.ProcessOneAsync());
        Assert.Equal(["MessageSent", "LinkLocked"], await copy.EventsOfAsync(id));
        Assert.Equal("Tick", await started.Database.ScalarAsync<string>(TypeOfWaiting));

        await copy.DoQueuedWorkAsync();
        Assert.Equal([5], await copy.TicksAsync(id));
        Assert.False(await copy.ProcessOneAsync());
    }

    [Fact]
    public async Task A_message_stays_with_its_process_until_that_is_taken_for_dead()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, copy.Time);
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        bool? before = null, after = null;
        copy.Script.During = async _ =>
        {
            copy.Time.Advance(TimeSpan.FromHours(1));
            before = await other.ProcessOneAsync();
            await copy.IsTakenForDeadAsync();
            after = await other.ProcessOneAsync();
        };

        Assert.True(await copy.ProcessOneAsync());

        Assert.Equal((false, true), (before, after));
    }

    [Fact]
    public async Task A_message_that_another_copy_is_claiming_at_this_moment_is_passed_over()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        for (var n = 1; n <= 2; n++)
        {
            await copy.SaveAsync(session => session.Publish(new() { new Tick(id, n) }));
            copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        await using var other = new NpgsqlConnection(started.ConnectionString);
        await other.OpenAsync();
        await using var claiming = await other.BeginTransactionAsync();
        await using var claim = new NpgsqlCommand($"select id from {QueuedWork.Waiting} order by execution_time limit 1 for update", other, claiming);
        await claim.ExecuteScalarAsync();

        Assert.True(await copy.ProcessOneAsync().WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal([2], await copy.TicksAsync(id));
        Assert.False(await copy.ProcessOneAsync());
    }

    [Fact]
    public async Task A_process_that_was_paused_and_taken_for_dead_adds_nothing_to_what_another_did()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var paused = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, paused.Time);
        var id = await paused.StartAsync();
        foreach (var message in new IMessage[] { new PassOn(id), new Tick(id, 2) })
        {
            await paused.SaveAsync(session => session.Publish(new() { message }));
            paused.Script.During = async _ =>
            {
                paused.Script.During = _ => Task.CompletedTask;
                await paused.IsTakenForDeadAsync();
                await other.ProcessOneAsync();
            };
            Assert.True(await paused.ProcessOneAsync());
            await paused.DoQueuedWorkAsync();
        }

        Assert.Equal([1, 2], await paused.TicksAsync(id));
        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task A_process_that_has_lost_its_message_does_not_handle_it_again()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var paused = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, paused.Time);
        var id = await paused.StartAsync();
        await paused.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        var runs = 0;
        paused.Script.During = async _ =>
        {
            if (++runs > 1)
                return;
            await paused.IsTakenForDeadAsync();
            await other.ProcessOneAsync();
        };

        await paused.ProcessOneAsync();

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_process_that_was_paused_while_another_fails_leaves_the_other_s_verdict()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var paused = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, paused.Time);
        other.Script.During = _ => throw new InvalidOperationException();
        var id = await paused.StartAsync();
        await paused.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        paused.Script.During = async _ =>
        {
            await paused.IsTakenForDeadAsync();
            await other.ProcessOneAsync();
        };

        await paused.ProcessOneAsync();

        Assert.Equal("PassOn", await started.Database.ScalarAsync<string>(TypeOfWaiting));
        // Begun twice: two attempts.
        Assert.Equal((2, 10.0), await WaitingAsync(started, paused));
    }

    [Fact]
    public async Task Poison_is_tried_less_and_less_often_and_then_parked()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Publish(new() { new Poison(Guid.NewGuid()) }));
        var waits = new List<double>();

        for (var attempt = 1; attempt < FailedMessages.MaxAttempts; attempt++)
        {
            Assert.True(await copy.ProcessOneAsync());
            Assert.False(await copy.ProcessOneAsync());
            waits.Add((await WaitingAsync(started, copy)).Seconds);
            copy.Time.Advance(TimeSpan.FromSeconds(waits[^1]));
        }
        Assert.True(await copy.ProcessOneAsync());

        Assert.Equal([5, 10, 20, 40, 80, 160, 320], waits);
        Assert.Equal(1, await started.Database.CountAsync($"{QueuedWork.Parked} where exception_message = 'InvalidOperationException'"));
        copy.Time.Advance(TimeSpan.FromDays(30));
        Assert.False(await copy.ProcessOneAsync());
    }

    [Fact]
    public async Task Other_messages_flow_past_poison()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        for (var n = 0; n < 50; n++)
        {
            IMessage message = n % 10 == 0 ? new Poison(id) : new Tick(id, n);
            await copy.SaveAsync(session => session.Publish(new() { message }));
            copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        await started.Database.ExecuteAsync(
            $"update {QueuedWork.Waiting} set message_type = 'Forgotten' where message_type like '%Poison' and execution_time = (select min(execution_time) from {QueuedWork.Waiting})");

        await copy.DoQueuedWorkAsync();
        Assert.Equal(Enumerable.Range(0, 50).Where(n => n % 10 != 0), await copy.TicksAsync(id));

        for (var round = 0; round < 20; round++)
        {
            copy.Time.Advance(TimeSpan.FromMinutes(10));
            await copy.DoQueuedWorkAsync();
        }
        Assert.Equal(5, await started.Database.CountAsync(QueuedWork.Parked));
        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task A_conflict_is_decided_again_and_is_no_failure()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new Tick(id, 1) }));
        var runs = 0;
        var attempts = 0L;
        copy.Script.During = async _ =>
        {
            attempts = await started.Database.ScalarAsync<int>($"select attempts from {QueuedWork.Waiting}");
            if (++runs <= 3)
                await copy.AppendAsync(id, new ConversationOpened(copy.Time.GetUtcNow()));
        };

        Assert.True(await copy.ProcessOneAsync());

        Assert.Equal((4, 1), (runs, attempts));
        Assert.Equal([1], await copy.TicksAsync(id));
        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task Messages_of_a_save_that_fails_are_never_sent()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.WithAsync(async session =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            await copy.AppendAsync(id, new ConversationOpened(copy.Time.GetUtcNow()));
            stream.AppendMany([new LinkLocked(copy.Time.GetUtcNow())]);
            session.Publish(new() { new Tick(id, 1) });
            await session.SaveChangesAsync();
            return true;
        }));

        Assert.False(await copy.ProcessOneAsync());
    }

    [Fact]
    public async Task Messages_of_an_erased_conversation_end_quietly()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync(new() { new DeliverSms(Guid.Empty, 1, default) });
        await copy.SaveAsync(session =>
        {
            session.Publish(new() { new Decide(id), new Tick(id, 1), new DeliverSms(id, 1, copy.Time.GetUtcNow()), new ExpireConversation(id) });
            session.Events.Erase<Conversation>(id, "asked");
        });

        await copy.DoQueuedWorkAsync();

        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
        Assert.Equal(2, await started.Database.CountAsync(RawTables.Events));
    }

    [Fact]
    public async Task Two_processes_with_eight_workers_send_every_SMS_exactly_once()
    {
        var count = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 10_000 : 1_000;
        await using var started = await TestDatabase.StartAsync();
        await using var secondPool = new PostgresDatabase(NpgsqlDataSource.Create(started.ConnectionString));
        var carrier = new Receipts();
        await using var one = new TestCopy(started.Database, new FakeTime(), carrier);
        await using var two = new TestCopy(secondPool, one.Time, carrier);
        var expected = new List<string>();
        for (var n = 0; n < count; n++)
        {
            var id = Guid.CreateVersion7();
            var sent = TestCopy.Message(id, one.Time.GetUtcNow(), text: $"Number {n}");
            expected.Add(sent.Sms);
            await one.SaveAsync(session =>
            {
                session.Events.StartStream<Conversation>(id, [sent]);
                session.Publish(new() { new DeliverSms(id, 1, one.Time.GetUtcNow()) });
            });
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).DoQueuedWorkAsync())));

        Assert.Equal(expected.Order(), carrier.Texts.Order());
        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
        Assert.Equal(count, await started.Database.CountAsync("mt_events where type = 'sms_accepted'"));
    }

    /// <summary>How often the one message that waits was tried, and in how many seconds it is due again.</summary>
    private static async Task<(int Attempts, double Seconds)> WaitingAsync(TestDatabase started, TestCopy copy) =>
        (await started.Database.ScalarAsync<int>($"select attempts from {QueuedWork.Waiting}"),
            (await started.Database.ScalarAsync<DateTime>($"select execution_time from {QueuedWork.Waiting}") - copy.Time.GetUtcNow()).TotalSeconds);

    private sealed class Receipts : ISmsSender
    {
        public ConcurrentBag<string> Texts { get; } = [];

        public async Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
        {
            Texts.Add(sms.Text);
            await Task.Yield();
            return new SmsOutcome.Accepted(sms.AttemptId.ToString());
        }
    }
}
