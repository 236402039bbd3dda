using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class CheckedTimeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_wrong_clock_is_corrected_from_its_check_on()
    {
        var (own, time) = New();
        var right = own.GetUtcNow() - TimeSpan.FromDays(40);
        Assert.Equal(own.GetUtcNow(), time.GetUtcNow());

        time.Correct(own.GetUtcNow(), right);
        own.Advance(TimeSpan.FromHours(3));

        Assert.Equal(right + TimeSpan.FromHours(3), time.GetUtcNow());
    }

    [Theory]
    [InlineData(60 * 24 * 40)]
    [InlineData(-60 * 24 * 40)]
    [InlineData(6)]
    public void A_clock_that_is_moved_between_two_checks_moves_nothing(int minutes)
    {
        var (own, time) = New();
        var start = own.GetUtcNow();
        time.Correct(start, start);
        own.Advance(Minute);

        own.Moved = minutes * Minute;
        Assert.Equal(start + Minute, time.GetUtcNow());
        own.Advance(Minute);
        Assert.Equal(start + 2 * Minute, time.GetUtcNow());

        // Checked, and found right: it is followed.
        time.Correct(own.GetUtcNow(), own.GetUtcNow());
        Assert.Equal(start + 2 * Minute + minutes * Minute, time.GetUtcNow());
    }

    [Fact]
    public void A_clock_that_is_set_by_a_little_is_followed()
    {
        var (own, time) = New();
        var start = own.GetUtcNow();
        time.Correct(start, start);
        own.Moved = 4 * Minute;
        Assert.Equal(start + 4 * Minute, time.GetUtcNow());
    }

    private static (MovedTime Own, CheckedTime Time) New()
    {
        var own = new MovedTime();
        return (own, new(new OwnClock(own)));
    }

    /// <summary>Whose hands somebody moves; the time that passes goes on evenly.</summary>
    private sealed class MovedTime : TimeProvider
    {
        private readonly FakeTime _even = new();

        public TimeSpan Moved { get; set; }

        public override long TimestampFrequency => _even.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _even.GetUtcNow() + Moved;

        public override long GetTimestamp() => _even.GetTimestamp();

        public void Advance(TimeSpan by) => _even.Advance(by);
    }
}
