namespace PatientResponse.Infrastructure.Storage;

/// <summary>What tells the time besides this machine.</summary>
public interface IOtherClocks
{
    Task<OtherReadings> ReadAsync(CancellationToken cancellation);

    Task NoteAsync(ClockRecord record, CancellationToken cancellation);
}

/// <summary>The database: its server's clock, and the instants that are on record in it.</summary>
public sealed class DatabaseClocks(IDatabase database) : IOtherClocks
{
    public async Task<OtherReadings> ReadAsync(CancellationToken cancellation)
    {
        var row = (await database.QueryAsync<Row>(
            """
            select clock_timestamp() as now, (select at from audit order by id desc limit 1) as audited,
                (select cast(extract(epoch from timestamp) * 1000 as bigint) from mt_events order by seq_id desc limit 1) as happened,
                clock.seen, clock.unsettled_since as unsettled
            from (select 1) one left join clock on clock.id = 1
            """, null, cancellation))[0];
        long? newest = row.Audited is { } audited && row.Happened is { } happened ? Math.Max(audited, happened) : row.Audited ?? row.Happened;
        return new(row.Now, newest is { } at ? Instant.From(at) : null, row.Seen is { } seen ? new(Instant.From(seen), row.Unsettled is { } since ? Instant.From(since) : null) : null);
    }

    public Task NoteAsync(ClockRecord record, CancellationToken cancellation) => database.SaveAsync([new(
        """
        insert into clock(id, seen, unsettled_since) values(1, @seen, @unsettled)
        on conflict(id) do update set seen = excluded.seen, unsettled_since = excluded.unsettled_since
        """,
        new Dictionary<string, object?> { ["seen"] = Instant.To(record.Seen), ["unsettled"] = record.UnsettledSince is { } since ? Instant.To(since) : null })], cancellation);

    private sealed class Row
    {
        public DateTime Now { get; init; }
        public long? Audited { get; init; }
        public long? Happened { get; init; }
        public long? Seen { get; init; }
        public long? Unsettled { get; init; }
    }
}
