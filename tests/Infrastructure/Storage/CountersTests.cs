using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class CountersTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Counting_at_once_gives_every_number_once()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, copy.Time);

        var numbers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => (i % 2 == 0 ? copy : other).Counters.AddAsync("wrong dates", Hour, CancellationToken.None))));

        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), numbers.Order());
        Assert.Equal(40, await copy.Counters.ReadAsync("wrong dates", CancellationToken.None));
        Assert.Equal(0, await copy.Counters.ReadAsync("something else", CancellationToken.None));
    }

    [Fact]
    public async Task A_count_that_a_wrong_clock_began_in_a_time_to_come_locks_nobody_out_until_then()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        copy.Time.Advance(TimeSpan.FromDays(40));
        for (var n = 1; n <= 11; n++)
            Assert.Equal(n, await copy.Counters.AddAsync("sign-in", Hour, CancellationToken.None));

        copy.Time.Advance(TimeSpan.FromDays(-40));
        Assert.Equal(1, await copy.Counters.AddAsync("sign-in", Hour, CancellationToken.None));
        // Copies' clocks differ by a little: that gives nobody their tries back.
        copy.Time.Advance(TimeSpan.FromMinutes(-4));
        Assert.Equal(2, await copy.Counters.AddAsync("sign-in", Hour, CancellationToken.None));
    }

    [Fact]
    public async Task A_count_begins_anew_when_its_window_has_passed_since_the_first()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.Counters.AddAsync("key", Hour, CancellationToken.None);
        copy.Time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, await copy.Counters.AddAsync("key", Hour, CancellationToken.None));

        copy.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await copy.Counters.ReadAsync("key", CancellationToken.None));
        Assert.Equal(1, await copy.Counters.AddAsync("key", Hour, CancellationToken.None));

        await copy.Counters.ClearAsync("key", CancellationToken.None);
        Assert.Equal(0, await copy.Counters.ReadAsync("key", CancellationToken.None));
    }

    [Fact]
    public async Task What_is_counted_among_questions_counts_once_also_when_they_are_asked_again_after_a_lost_connection()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());

        // The premise: each check counts.
        Assert.Equal([1], await AskAsync(times: 1));
        Assert.Equal([2], await AskAsync(times: 1));
        Assert.Equal([3], await AskAsync(times: 2));
        Assert.Equal(3, await copy.Counters.ReadAsync("wrong dates", CancellationToken.None));
        copy.Time.Advance(Hour);
        Assert.Equal([1], await AskAsync(times: 2));

        Task<IReadOnlyList<long>> AskAsync(int times) => copy.WithAsync(async session =>
        {
            var reading = session.Read();
            var count = copy.Counters.Add(reading, "wrong dates", Hour, "there");
            for (var i = 0; i < times; i++)
                await reading.AskAsync();
            return count.Value;
        });
    }

    [Fact]
    public async Task What_is_counted_is_not_stored_in_clear()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.Counters.AddAsync("wrong-date/192.0.2.7", Hour, CancellationToken.None);

        Assert.Equal(1, await started.Database.CountAsync("counters"));
        Assert.False((await StoredBytes.OfAsync(started.Database)).Holds("192.0.2.7"));
    }
}
