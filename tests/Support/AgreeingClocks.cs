using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>The other clocks of a test that moves its own: they follow it, and time has passed as it should, unless the test says otherwise.</summary>
public sealed class AgreeingClocks(TimeProvider time) : IOtherClocks
{
    /// <summary>How far the database's clock is ahead of the test's.</summary>
    public TimeSpan DatabaseIsAhead { get; set; }

    /// <summary>What was noted last; null for a moment ago, as where a process ran all along.</summary>
    public ClockRecord? Record { get; set; }

    public Task<OtherReadings> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult(new OtherReadings(time.GetUtcNow() + DatabaseIsAhead, null, Record ?? new(time.GetUtcNow())));

    public Task NoteAsync(ClockRecord record, CancellationToken cancellation)
    {
        if (Record is not null)
            Record = record;
        return Task.CompletedTask;
    }
}
