namespace PatientResponse.Infrastructure.Storage;

/// <summary>Compares this machine's clock with the others, corrects the time by them, and reports what is wrong. Whatever cannot be undone
/// and is driven by time asks here first.</summary>
public sealed partial class Clocks(OwnClock own, IOtherClocks others, CheckedTime time, ILogger<Clocks> logger)
{
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);
    private int _doubt;

    /// <summary>What the last check found.</summary>
    public ClockDoubt Doubt => (ClockDoubt)Volatile.Read(ref _doubt);

    public async Task<ClockVerdict> CheckAsync(CancellationToken cancellation)
    {
        var (now, readings) = await ReadAsync(cancellation);
        var verdict = ClockJudge.Judge(now, readings);
        time.Correct(now, verdict.Now);
        Report(verdict, now, readings);
        if (readings.Record is not { } noted || noted.UnsettledSince != verdict.Record.UnsettledSince || (verdict.Record.Seen - noted.Seen).Duration() >= NotedEvery)
            await others.NoteAsync(verdict.Record, cancellation);
        return verdict;
    }

    /// <summary>What comes back after a pause of this process says nothing about its clock: then it is read again.</summary>
    private async Task<(DateTimeOffset Now, OtherReadings Readings)> ReadAsync(CancellationToken cancellation)
    {
        for (var tries = 3; ; tries--)
        {
            var before = own.Time.GetUtcNow();
            var readings = await others.ReadAsync(cancellation);
            var now = own.Time.GetUtcNow();
            if (tries == 1 || (now - before).Duration() < ClockJudge.Apart / 5)
                return (now, readings);
        }
    }

    /// <summary>Once, when it changes.</summary>
    private void Report(ClockVerdict verdict, DateTimeOffset now, OtherReadings readings)
    {
        if (Interlocked.Exchange(ref _doubt, (int)verdict.Doubt) == (int)verdict.Doubt)
            return;
        switch (verdict.Doubt)
        {
            case ClockDoubt.None:
                LogSound();
                break;
            case ClockDoubt.OwnIsOff:
                LogOwnIsOff(now, readings.Database);
                break;
            case ClockDoubt.DatabaseIsOff:
                LogDatabaseIsOff(readings.Database, now);
                break;
            case ClockDoubt.Jumped:
                LogJumped(verdict.Now, readings.Record?.Seen ?? readings.Newest, verdict.Record.UnsettledSince + ClockJudge.SettlesIn);
                break;
            case ClockDoubt.Behind:
                LogBehind(verdict.Now, readings.Newest);
                break;
        }
    }

    private const string Held = "Nothing is erased, expired or tidied by time";

    [LoggerMessage(Level = LogLevel.Information, Message = "The clocks agree")]
    private partial void LogSound();

    [LoggerMessage(Level = LogLevel.Error, Message = "This machine's clock is wrong: it says {Own:O}, the database's {Database:O}, which is taken for the time. " + Held + " until they agree")]
    private partial void LogOwnIsOff(DateTimeOffset own, DateTimeOffset database);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database's clock is wrong: it says {Database:O}, this machine's {Own:O}, which is taken for the time. " + Held + " until they agree")]
    private partial void LogDatabaseIsOff(DateTimeOffset database, DateTimeOffset own);

    [LoggerMessage(Level = LogLevel.Error, Message = "The clocks have jumped, or nothing ran for days: it is {Now:O}, and the time that was noted last is {Seen:O}. " + Held + " before {Until:O}")]
    private partial void LogJumped(DateTimeOffset now, DateTimeOffset? seen, DateTimeOffset? until);

    [LoggerMessage(Level = LogLevel.Error, Message = "The clocks say {Now:O}, but something is on record of {Newest:O}. " + Held + " until then, or until something newer is on record")]
    private partial void LogBehind(DateTimeOffset now, DateTimeOffset? newest);
}
