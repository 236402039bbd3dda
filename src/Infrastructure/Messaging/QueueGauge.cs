using System.Diagnostics.Metrics;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>How the queue of all copies stands: read from the database when metrics are collected, and only then.</summary>
public sealed class QueueGauge : IHostedService
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private Reading? _latest;

    public QueueGauge(IDatabase database, TimeProvider time, IMeterFactory meters)
    {
        (_database, _time) = (database, time);
        var meter = meters.Create(Measures.Meter);
        meter.CreateObservableGauge("patient_response.queue.due", () => Of(reading => reading.Due), "{message}", "Messages whose time has come, in hand or not.");
        meter.CreateObservableGauge("patient_response.queue.oldest.age", () => Of(reading => (reading.At - reading.Oldest).TotalSeconds), "s", "How long the oldest of them has been due.");
        meter.CreateObservableGauge("patient_response.queue.parked", () => Of(reading => reading.Parked), "{message}", "Messages that were given up and wait for an operator.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing while the database is away: a gap says more than an old number.</summary>
    private IEnumerable<Measurement<T>> Of<T>(Func<Reading, T> value) where T : struct
    {
        // A collector asks on a thread of its own, one instrument after the other.
        lock (_gate)
        {
            if (_latest is null || Kept.HasPassed(_latest.At, _time.GetUtcNow()))
                _latest = Read();
            return _latest is null ? [] : [new(value(_latest))];
        }
    }

    private Reading? Read()
    {
        var now = _time.GetUtcNow();
        try
        {
            using var patience = new CancellationTokenSource(AtMost, _time);
            var row = Task.Run(() => _database.QueryAsync<Row>(
                $"""
                select count(*) as due, coalesce(min(execution_time), @now) as oldest, (select count(*) from {Envelopes.DeadLetters}) as parked
                from {Envelopes.Inbox} where status <> 'Handled' and execution_time <= @now
                """, new { now }, patience.Token)).WaitAsync(AtMost, _time).GetAwaiter().GetResult()[0];
            return new(now, row.Due, row.Oldest, row.Parked);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private sealed class Row
    {
        public long Due { get; init; }
        public DateTime Oldest { get; init; }
        public long Parked { get; init; }
    }

    private sealed record Reading(DateTimeOffset At, long Due, DateTimeOffset Oldest, long Parked);
}
