using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Messaging;

public class DelayedMessagesTests
{
    [Fact]
    public async Task An_outage_is_waited_for_with_longer_and_longer_waits_and_given_up_after_four_days()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        copy.Script.During = _ => throw new DelayedException("Away") { By = "relay" };
        var began = copy.Time.GetUtcNow();
        var waits = new List<double>();

        while (await started.Database.CountAsync(QueuedWork.Waiting) == 1)
        {
            Assert.True(waits.Count < 1_000, "It is never given up.");
            Assert.True(await copy.ProcessOneAsync());
            Assert.False(await copy.ProcessOneAsync());
            var due = await started.Database.ScalarAsync<DateTime?>($"select max(execution_time) from {QueuedWork.Waiting}") ?? copy.Time.GetUtcNow().UtcDateTime;
            waits.Add((due - copy.Time.GetUtcNow()).TotalSeconds);
            copy.Time.Advance(due - copy.Time.GetUtcNow());
        }

        Assert.Equal([30, 30, 60, 120, 240, 480, 900, 900], waits.Take(8));
        Assert.InRange(copy.Time.GetUtcNow() - began, FailedMessages.GiveUpDelayedAfter, FailedMessages.GiveUpDelayedAfter + TimeSpan.FromMinutes(30));
        Assert.Equal(1, await started.Database.CountAsync($"{QueuedWork.Parked} where exception_message = 'Away'"));
        Assert.Equal(0, await started.Database.CountAsync("delayed_messages"));
    }

    [Fact]
    public async Task A_message_that_waited_through_an_outage_is_done_and_a_later_failure_of_its_own_counts_from_one()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        copy.Script.During = _ => throw new DelayedException("Away") { By = "relay" };
        for (var tries = 0; tries < 2 * FailedMessages.MaxAttempts; tries++)
        {
            Assert.True(await copy.ProcessOneAsync());
            copy.Time.Advance(TimeSpan.FromMinutes(15));
        }
        Assert.Equal(1, await started.Database.CountAsync($"{QueuedWork.Waiting} join delayed_messages using (id) where waits_for = 'relay'"));

        copy.Script.During = _ => throw new InvalidOperationException();
        Assert.True(await copy.ProcessOneAsync());
        Assert.Equal(1, await started.Database.CountAsync($"{QueuedWork.Waiting} where attempts = 1"));
        Assert.Equal(0, await started.Database.CountAsync("delayed_messages"));

        copy.Script.During = _ => Task.CompletedTask;
        copy.Time.Advance(TimeSpan.FromMinutes(15));
        await copy.DoQueuedWorkAsync();
        Assert.Equal([1], await copy.TicksAsync(id));
        Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_parked_at_once_with_the_reason()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        copy.Script.During = _ => throw new RefusedException("Answered 550");

        Assert.True(await copy.ProcessOneAsync());

        Assert.Equal(1, await started.Database.CountAsync($"{QueuedWork.Parked} where exception_message = 'Answered 550'"));
    }
}
