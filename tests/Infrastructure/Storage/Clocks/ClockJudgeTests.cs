using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class ClockJudgeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Clocks_that_agree_are_believed_and_the_time_is_noted()
    {
        Assert.Equal(new(Noon, ClockDoubt.None, new(Noon)), ClockJudge.Judge(Noon, new(Noon, Noon - Minute, new(Noon - Minute))));
        Assert.Equal(new(Noon, ClockDoubt.None, new(Noon)), ClockJudge.Judge(Noon, new(Noon + 5 * Minute, null, new(Noon - Minute))));
        Assert.Equal(new(Noon, ClockDoubt.None, new(Noon)), ClockJudge.Judge(Noon, new(Noon, null, null)));
        Assert.Equal(new(Noon, ClockDoubt.None, new(Noon)), ClockJudge.Judge(Noon, new(Noon, null, new(Noon - 4 * Day))));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(3_650)]
    [InlineData(-40)]
    [InlineData(0.25)]
    [InlineData(-0.004)]
    public void Of_two_clocks_that_differ_the_one_is_believed_that_goes_on_from_what_was_noted_last(double days)
    {
        var wrong = Noon + days * Day;

        Assert.Equal(new(Noon, ClockDoubt.OwnIsOff, new(Noon)), ClockJudge.Judge(wrong, new(Noon, null, new(Noon - Minute))));
        Assert.Equal(new(Noon, ClockDoubt.DatabaseIsOff, new(Noon)), ClockJudge.Judge(Noon, new(wrong, null, new(Noon - Minute))));
        // Before the first check what was stored last says it.
        Assert.Equal(new(Noon, ClockDoubt.OwnIsOff, new(Noon)), ClockJudge.Judge(wrong, new(Noon, Noon - Minute, null)));
        Assert.Equal(new(Noon, ClockDoubt.DatabaseIsOff, new(Noon)), ClockJudge.Judge(Noon, new(wrong, Noon - Minute, null)));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(4.01)]
    [InlineData(-40)]
    [InlineData(-0.01)]
    public void Clocks_that_jumped_together_are_believed_after_a_day_in_which_they_did_not(double days)
    {
        var jumped = Noon + days * Day;
        var first = ClockJudge.Judge(jumped, new(jumped, null, new(Noon)));
        Assert.Equal(new(jumped, ClockDoubt.Jumped, new(jumped, jumped)), first);

        var later = ClockJudge.Judge(jumped + Day - Minute, new(jumped + Day - Minute, null, first.Record));
        Assert.Equal(new(jumped + Day - Minute, ClockDoubt.Jumped, new(jumped + Day - Minute, jumped)), later);
        Assert.Equal(new(jumped + Day, ClockDoubt.None, new(jumped + Day)), ClockJudge.Judge(jumped + Day, new(jumped + Day, null, later.Record)));

        // Put right before: that is a jump too, and a day begins anew.
        Assert.Equal(new(Noon + Minute, ClockDoubt.Jumped, new(Noon + Minute, Noon + Minute)), ClockJudge.Judge(Noon + Minute, new(Noon + Minute, null, later.Record)));
    }

    [Fact]
    public void At_an_installations_first_check_the_newest_event_tells_a_jump() =>
        Assert.Equal(ClockDoubt.Jumped, ClockJudge.Judge(Noon + 40 * Day, new(Noon + 40 * Day, Noon, null)).Doubt);

    [Fact]
    public void What_is_on_record_of_a_time_to_come_is_a_doubt_until_something_newer_is_on_record()
    {
        Assert.Equal(ClockDoubt.Behind, ClockJudge.Judge(Noon, new(Noon, Noon + 6 * Minute, new(Noon - Minute))).Doubt);
        Assert.Equal(ClockDoubt.None, ClockJudge.Judge(Noon, new(Noon, Noon + 5 * Minute, new(Noon - Minute))).Doubt);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(29, false)]
    [InlineData(30, true)]
    [InlineData(-5, false)]
    [InlineData(-6, true)]
    public void Nothing_lasts_or_waits_for_an_instant_that_a_wrong_clock_gave(int minutesAgo, bool passed) =>
        Assert.Equal(passed, TimeSpan.FromMinutes(30).HasPassed(Noon - minutesAgo * Minute, Noon));
}
