using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class DatabaseClocksTests
{
    [Fact]
    public async Task The_database_tells_its_time_the_newest_that_is_on_record_and_what_was_noted()
    {
        await using var stored = await TestDatabase.StartAsync();
        var clocks = new DatabaseClocks(stored.Database);
        var empty = await clocks.ReadAsync(CancellationToken.None);
        Assert.Equal((null, null), (empty.Newest, empty.Record));
        Assert.True((empty.Database - DateTimeOffset.UtcNow).Duration() < TimeSpan.FromMinutes(1));

        var at = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
        await stored.Database.ExecuteAsync("insert into audit(at, actor, action, subject, detail) values(@later, '', '', '', ''), (@at, '', '', '', '')",
            ("later", Instant.To(at.AddDays(40))), ("at", Instant.To(at)));
        // What was written last counts: a wrong clock's entry is overtaken by the next one.
        Assert.Equal(at, (await clocks.ReadAsync(CancellationToken.None)).Newest);
        await using var copy = new TestCopy(stored.Database, new FakeTime());
        await copy.StartAsync();
        Assert.True(((await clocks.ReadAsync(CancellationToken.None)).Newest!.Value - DateTimeOffset.UtcNow).Duration() < TimeSpan.FromMinutes(1));

        await clocks.NoteAsync(new(at), CancellationToken.None);
        Assert.Equal(new ClockRecord(at), (await clocks.ReadAsync(CancellationToken.None)).Record);
        await clocks.NoteAsync(new(at.AddHours(1), at), CancellationToken.None);
        Assert.Equal(new ClockRecord(at.AddHours(1), at), (await clocks.ReadAsync(CancellationToken.None)).Record);
    }

    [Fact]
    public async Task A_jump_is_remembered_by_every_copy_and_across_restarts_and_told_once()
    {
        var (log, time) = (new LogCapture(), new FakeTime());
        var others = new AgreeingClocks(time) { Record = new(time.GetUtcNow()) };
        var first = Clocks(time, others, log);
        time.Advance(TimeSpan.FromDays(40));
        for (var i = 0; i < 3; i++)
            Assert.Equal(ClockDoubt.Jumped, (await first.CheckAsync(CancellationToken.None)).Doubt);
        Assert.Single(log.Errors, line => line.Contains("The clocks have jumped, or nothing ran for days", StringComparison.Ordinal));

        time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(ClockDoubt.Jumped, (await Clocks(time, others, log).CheckAsync(CancellationToken.None)).Doubt);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ClockDoubt.None, (await Clocks(time, others, log).CheckAsync(CancellationToken.None)).Doubt);
    }

    [Fact]
    public async Task A_process_that_was_paused_while_it_read_does_not_take_its_own_clock_for_wrong()
    {
        var time = new FakeTime();
        var others = new Paused(time);

        Assert.Equal(ClockDoubt.None, (await Clocks(time, others, new LogCapture()).CheckAsync(CancellationToken.None)).Doubt);
        Assert.Equal(2, others.Asked);
    }

    private static Clocks Clocks(TimeProvider time, IOtherClocks others, LogCapture log)
    {
        var own = new OwnClock(time);
        return new(own, others, new CheckedTime(own), new LoggerFactory([log]).CreateLogger<Clocks>());
    }

    /// <summary>Its first answer is an hour old when it is read.</summary>
    private sealed class Paused(FakeTime time) : IOtherClocks
    {
        public int Asked { get; private set; }

        public Task<OtherReadings> ReadAsync(CancellationToken cancellation)
        {
            var answer = new OtherReadings(time.GetUtcNow(), null, new(time.GetUtcNow()));
            if (++Asked == 1)
                time.Advance(TimeSpan.FromHours(1));
            return Task.FromResult(answer);
        }

        public Task NoteAsync(ClockRecord record, CancellationToken cancellation) => Task.CompletedTask;
    }
}
