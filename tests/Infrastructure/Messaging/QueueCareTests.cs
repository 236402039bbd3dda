using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Messaging;

public class QueueCareTests
{
    [Fact]
    public async Task What_a_living_process_has_in_the_database_and_not_in_hand_is_left_to_whoever_looks_first()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, copy.Time);
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new Tick(id, 1) }));
        // The commit's answer was lost: nobody has it in memory.
        await started.Database.ExecuteAsync($"update {QueuedWork.Waiting} set owner_id = @node", ("node", copy.Node));

        await copy.Care.LookAfterAsync(CancellationToken.None);
        copy.Time.Advance(QueueCare.LostAfter - TimeSpan.FromMilliseconds(1));
        await copy.Care.LookAfterAsync(CancellationToken.None);
        Assert.False(await other.ProcessOneAsync());

        copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        await copy.Care.LookAfterAsync(CancellationToken.None);
        Assert.True(await other.ProcessOneAsync());
        Assert.Equal([1], await copy.TicksAsync(id));
    }

    [Fact]
    public async Task What_a_process_has_in_hand_stays_with_it_however_long_it_takes()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, copy.Time);
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new PassOn(id) }));
        bool? taken = null;
        copy.Script.During = async _ =>
        {
            await copy.Care.LookAfterAsync(CancellationToken.None);
            copy.Time.Advance(TimeSpan.FromHours(1));
            await copy.Care.LookAfterAsync(CancellationToken.None);
            taken = await other.ProcessOneAsync();
        };

        Assert.True(await copy.ProcessOneAsync());

        Assert.False(taken);
        await copy.DoQueuedWorkAsync();
        Assert.Equal([1], await copy.TicksAsync(id));
    }

    [Fact]
    public async Task What_this_machines_clock_brings_too_early_is_not_begun_and_comes_again_when_it_is_due()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        var due = copy.Time.GetUtcNow() + TimeSpan.FromHours(1);
        await copy.SaveAsync(session => session.Publish([new OutgoingMessages.Envelope(new Tick(id, 1), due)]));
        await copy.IsBroughtByWolverineAsync();

        Assert.Equal(1, await started.Database.CountAsync($"{QueuedWork.Waiting} where status = 'Scheduled' and owner_id = 0 and attempts = 0 and execution_time = @due", new { due }));
        Assert.Empty(await copy.TicksAsync(id));
        copy.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5));
        await copy.IsBroughtByWolverineAsync();
        Assert.Equal([1], await copy.TicksAsync(id));
    }

    [Fact]
    public async Task What_was_queued_while_the_clocks_were_ahead_is_done_when_they_are_put_right()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish([new OutgoingMessages.Envelope(new Tick(id, 2), copy.Time.GetUtcNow() + TimeSpan.FromDays(7))]));
        copy.Time.Advance(TimeSpan.FromDays(40));
        await copy.SaveAsync(session => session.Publish([new OutgoingMessages.Envelope(new Tick(id, 1), copy.Time.GetUtcNow() + TimeSpan.FromHours(1))]));
        copy.Time.Advance(TimeSpan.FromDays(-40));
        Assert.False(await copy.ProcessOneAsync());

        await copy.Care.LookAfterAsync(CancellationToken.None);
        await copy.DoQueuedWorkAsync();

        Assert.Equal([1], await copy.TicksAsync(id));
    }

    [Fact]
    public async Task What_is_due_by_the_right_time_is_brought_though_this_machines_clock_is_behind()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish([new OutgoingMessages.Envelope(new Tick(id, 1), copy.Time.GetUtcNow() + TimeSpan.FromHours(1))]));
        const string brought = $"{QueuedWork.Waiting} where status = 'Incoming' and owner_id = 0";

        copy.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));
        await copy.Care.LookAfterAsync(CancellationToken.None);
        Assert.Equal(0, await started.Database.CountAsync(brought));

        copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        await copy.Care.LookAfterAsync(CancellationToken.None);
        Assert.Equal(1, await started.Database.CountAsync(brought));
        await copy.DoQueuedWorkAsync();
        Assert.Equal([1], await copy.TicksAsync(id));
    }

    [Fact]
    public async Task What_belongs_to_a_process_that_is_gone_is_left_to_whoever_looks_first()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Publish(new() { new Tick(id, 1) }));
        await started.Database.ExecuteAsync($"update {QueuedWork.Waiting} set owner_id = 77");
        await started.Database.ExecuteAsync("insert into wolverine_nodes(id, node_number, uri, description, version, health_check) overriding system value values(gen_random_uuid(), 77, 'dbcontrol://x', 'lives', '1', now())");
        copy.Time.Advance(QueueCare.LostAfter + TimeSpan.FromMilliseconds(1));
        await copy.Care.LookAfterAsync(CancellationToken.None);
        Assert.False(await copy.ProcessOneAsync());

        await started.Database.ExecuteAsync("delete from wolverine_nodes");
        await copy.Care.LookAfterAsync(CancellationToken.None);
        Assert.True(await copy.ProcessOneAsync());
        Assert.Equal([1], await copy.TicksAsync(id));
    }

    /// <summary>Wolverine's leader asks its own machine's clock, which may be hours behind.</summary>
    [Fact]
    public async Task A_copy_that_says_nothing_any_more_is_dead_by_the_clock_of_the_database()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        foreach (var seconds in new[] { 5, 15 })
            await started.Database.ExecuteAsync("insert into wolverine_nodes(id, uri, description, version, health_check) values(gen_random_uuid(), 'dbcontrol://x', @name, '1', now() - make_interval(secs => @seconds))", ("name", $"silent for {seconds}"), ("seconds", seconds));
        Assert.Equal(2, await started.Database.CountAsync("wolverine_nodes"));

        await copy.Care.LookAfterAsync(CancellationToken.None);

        Assert.Equal(["silent for 5"], await started.Database.QueryAsync<string>("select description from wolverine_nodes", null, CancellationToken.None));
    }

    [Fact]
    public async Task A_damaged_message_is_parked_and_the_others_are_left_alone()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        for (var n = 1; n <= 3; n++)
        {
            await copy.SaveAsync(session => session.Publish(new() { new Tick(id, n) }));
            copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        await started.Database.ExecuteAsync($"update {QueuedWork.Waiting} set body = 'damaged' where id = (select id from {QueuedWork.Waiting} order by execution_time limit 1)");
        await started.Database.ExecuteAsync($"update {QueuedWork.Waiting} set received_at = null where id = (select id from {QueuedWork.Waiting} order by execution_time desc limit 1)");

        copy.Time.Advance(TimeSpan.FromSeconds(5));
        await copy.Care.LookAfterAsync(CancellationToken.None);

        Assert.Equal(2, await started.Database.CountAsync($"{QueuedWork.Parked} where exception_message = 'Damaged'"));
        await copy.DoQueuedWorkAsync();
        Assert.Equal([2], await copy.TicksAsync(id));
        var letters = await DeadLetter.AllAsync(started.Database, CancellationToken.None);
        Assert.Equal(["Tick", "Tick"], letters.Select(letter => letter.Type));
    }
}
