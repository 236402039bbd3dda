namespace PatientResponse.Infrastructure.Storage;

/// <summary>The time that everything is decided by: this machine's clock, corrected where <see cref="Clocks"/> found it wrong. Between two
/// checks it goes on evenly: where the clock is moved, it does not follow before the next check.</summary>
public sealed class CheckedTime(OwnClock own) : TimeProvider
{
    private Check? _last;

    public override long TimestampFrequency => own.Time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        var now = own.Time.GetUtcNow();
        if (_last is not { } last)
            return now;
        var even = last.Own + own.Time.GetElapsedTime(last.Timestamp);
        return ((now - even).Duration() > ClockJudge.Apart ? even : now) + last.Correction;
    }

    public override long GetTimestamp() => own.Time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => own.Time.CreateTimer(callback, state, dueTime, period);

    /// <summary>From now on time goes on from <paramref name="right"/>.</summary>
    /// <param name="checkedAt">What this machine's clock said when it was checked.</param>
    /// <param name="right">What the time was then.</param>
    public void Correct(DateTimeOffset checkedAt, DateTimeOffset right) => _last = new(checkedAt, own.Time.GetTimestamp(), right - checkedAt);

    private sealed record Check(DateTimeOffset Own, long Timestamp, TimeSpan Correction);
}
