using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>What could keep messages in the queue for ever: a commit whose answer was lost, after which nobody has in memory what is this
/// process's in the database, a damaged row, on which Wolverine's own reading stops, a time to come, by which a clock dated it that was ahead, a
/// leader that stands still, and a machine's clock that is behind: by it nobody dies, and nothing is due.</summary>
public sealed class QueueCare(IDatabase database, MessageQueue queue, TimeProvider time, ILogger<QueueCare> logger)
{
    /// <summary>One that waits for so long in memory only is not lost: whoever gets it first does it, and the other finds it done.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);

    /// <summary>Wolverine brings what is due within a second.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Unread = TimeSpan.FromSeconds(5);
    private Dictionary<Guid, DateTimeOffset> _waiting = [];

    public async Task LookAfterAsync(CancellationToken cancellation)
    {
        await ReleaseLostAsync(cancellation);
        await ParkDamagedAsync(cancellation);
        await BringForwardAsync(cancellation);
        await BringOverdueAsync(cancellation);
        await DropDeadAsync(cancellation);
        await ReleaseNobodysAsync(cancellation);
        await DropSilentLeaderAsync(cancellation);
    }

    private async Task ReleaseLostAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var ours = await database.QueryAsync<Ours>(
            $"select id, attempts from {Envelopes.Inbox} where owner_id = @Node and status = 'Incoming'", new { queue.Node }, cancellation);
        var inHand = queue.InHand;
        _waiting = ours.Where(message => !inHand.Contains(message.Id)).ToDictionary(message => message.Id, message => _waiting.GetValueOrDefault(message.Id, now));
        var lost = ours.Where(message => _waiting.TryGetValue(message.Id, out var since) && LostAfter.HasPassed(since, now)).ToList();
        if (lost.Count == 0)
            return;
        // Not one that is begun in this very moment: that counts an attempt.
        await database.WriteAsync<int>(
            $"""
            update {Envelopes.Inbox} waiting set owner_id = 0 from unnest(@ids, @attempts) as lost(id, attempts)
            where waiting.id = lost.id and waiting.attempts = lost.attempts and owner_id = @Node and status = 'Incoming' returning 1
            """,
            new { ids = lost.Select(message => message.Id).ToArray(), attempts = lost.Select(message => message.Attempts).ToArray(), queue.Node }, cancellation);
        foreach (var message in lost)
            _waiting.Remove(message.Id);
    }

    private async Task ParkDamagedAsync(CancellationToken cancellation)
    {
        foreach (var row in (await StoredMessage.NotBegunAsync(database, time.GetUtcNow() - Unread, cancellation)).Where(row => !row.IsSound))
        {
            logger.LogError("Message {Id} ({Type}) is damaged; it is parked", row.Id, Envelopes.NameOf(row.Type));
            try
            {
                await database.SaveAsync(
                [
                    new($"delete from {Envelopes.Inbox} where id = @id", new Dictionary<string, object?> { ["id"] = row.Id }, MustAffect: 1),
                    Delays.Over(row.Id),
                    DeadLetter.Insert(row.Id, row.Body, row.Type, "Damaged", "Damaged", time.GetUtcNow()),
                ], cancellation);
            }
            catch (ConcurrencyException)
            {
                // Another copy was faster.
            }
        }
    }

    /// <summary>What was queued while all clocks were ahead would wait until they are there again. An id tells when that was (UUID version 7); each
    /// handler decides for itself what is too early.</summary>
    private Task BringForwardAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync<int>($"update {Envelopes.Inbox} set execution_time = @now where id > @future and execution_time > @now and status <> 'Handled' returning 1",
            new { now, future = Guid.CreateVersion7(now + ClockJudge.Apart) }, cancellation);
    }

    /// <summary>Wolverine asks this machine's clock what is due.</summary>
    private Task BringOverdueAsync(CancellationToken cancellation) => database.WriteAsync<int>(
        $"update {Envelopes.Inbox} set status = 'Incoming', owner_id = 0 where status = 'Scheduled' and execution_time < @overdue returning 1",
        new { overdue = time.GetUtcNow() - Overdue }, cancellation);

    /// <summary>The leader asks its machine's clock who is dead. By the database's, whoever said nothing for longer than Wolverine allows is.</summary>
    private Task DropDeadAsync(CancellationToken cancellation) => database.WriteAsync<int>(
        "delete from wolverine_nodes where health_check < clock_timestamp() - interval '10 seconds' returning 1", null, cancellation);

    /// <summary>What belonged to a process that is gone, or that had no number yet. Wolverine gives it away when it finds somebody dead itself.</summary>
    private Task ReleaseNobodysAsync(CancellationToken cancellation) => database.WriteAsync<int>(
        $"""
        update {Envelopes.Inbox} set owner_id = 0 where owner_id <> 0 and owner_id <> @Node and status = 'Incoming' and execution_time < @lost
            and not exists (select 1 from wolverine_nodes where node_number = owner_id) returning 1
        """, new { queue.Node, lost = time.GetUtcNow() - LostAfter }, cancellation);

    /// <summary>One of the copies leads and takes the others' messages away from those that died. A leader that stands still would keep
    /// the lead with its connection, over which it says something every two seconds.</summary>
    private Task DropSilentLeaderAsync(CancellationToken cancellation) => database.WriteAsync<bool>(
        """
        select pg_terminate_backend(lead.pid) from pg_locks lead join pg_stat_activity session on session.pid = lead.pid
        where lead.locktype = 'advisory' and session.application_name like 'wolverine-advisory-lock:%'
            and session.datname = current_database() and session.state_change < now() - interval '6 seconds'
        """, null, cancellation);

    private sealed class Ours
    {
        public Guid Id { get; init; }
        public int Attempts { get; init; }
    }
}
