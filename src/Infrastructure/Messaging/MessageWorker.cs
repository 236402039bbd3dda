using System.Collections.Concurrent;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Does one queued message at a time, under a lease, on any copy of the process.</summary>
public sealed class MessageWorker(
    IDatabase database, MessageHandlers handlers, IServiceScopeFactory scopes, TimeProvider time, ILogger<MessageWorker> logger)
{
    /// <summary>How long a claimed message stays with its worker. Longer than any call to a provider may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>After so many attempts a message is parked for an operator to see, and whoever waits for it is told.</summary>
    public const int MaxAttempts = 8;

    /// <summary>An outage of somebody else's is waited for so long. RFC 5321, 4.5.4.1, has at least 4 to 5 days for mail.</summary>
    public static readonly TimeSpan GiveUpDelayedAfter = TimeSpan.FromDays(4);

    private const int MaxConflicts = 10;
    private readonly ConcurrentDictionary<string, Claimed> _inHand = [];
    private readonly ConcurrentQueue<Statement> _unsaved = [];

    /// <summary>Claims and does the next due message. False when there is none.</summary>
    public async Task<bool> ProcessOneAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (_unsaved.TryDequeue(out var release))
            await SaveOrKeepAsync(release);
        // Not cancelled: a claim that is committed and not heard of would keep its message for as long as its lease.
        var claimed = await ClaimAsync(CancellationToken.None);
        if (claimed is null)
            return false;
        _inHand[claimed.Lease] = claimed;
        try
        {
            await DoAsync(claimed);
        }
        finally
        {
            _inHand.TryRemove(claimed.Lease, out _);
        }
        return true;
    }

    /// <summary>Gives back what this process has not come to an end with: another may take it at once.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var claimed in _inHand.Values)
        {
            logger.LogWarning("Message {Id} ({Type}) is given back unfinished", claimed.Id, claimed.Type);
            await database.SaveAsync([new("update messages set lease = null, lease_until = 0 where id = @id and lease = @lease",
                new Dictionary<string, object?> { ["id"] = claimed.Id, ["lease"] = claimed.Lease })], CancellationToken.None);
        }
    }

    private async Task DoAsync(Claimed claimed)
    {
        if (claimed.Attempts > MaxAttempts)
        {
            // It was begun often enough and never came to an end: perhaps it takes the process with it each time.
            await FailAsync(claimed, "Interrupted");
            return;
        }
        try
        {
            await HandleAsync(claimed);
        }
        catch (DelayedException e) when (claimed.DelayedSince == 0 || time.GetUtcNow() - Instant.From(claimed.DelayedSince) < GiveUpDelayedAfter)
        {
            await DelayAsync(claimed, e);
        }
        catch (Exception e)
        {
            var isVerdict = e is DelayedException or RefusedException;
            // The text of others may quote what they choked on; their type never does.
            await FailAsync(claimed, isVerdict ? e.Message : e.GetType().Name, isVerdict);
        }
    }

    private async Task<Claimed?> ClaimAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await database.WriteAsync<Claimed>(
            """
            update messages set lease = @lease, lease_until = @until, attempts = attempts + 1
            where id = (
                select id from messages where parked_at is null and due <= @now and lease_until <= @now
                order by due limit 1 for update skip locked)
            returning id, type, body, attempts, lease, delayed_since as DelayedSince
            """,
            new { lease = Guid.NewGuid().ToString("N"), until = Instant.To(now + Lease), now = Instant.To(now) }, cancellation);
        return rows.Count == 0 ? null : rows[0];
    }

    private async Task HandleAsync(Claimed claimed)
    {
        using var span = QueuedWork.Begin(claimed.Type);
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var message = scope.ServiceProvider.GetRequiredService<ClaimedMessage>();
            message.Use(claimed.Id, claimed.Lease);
            try
            {
                // Not cancelled at shutdown: a call to a provider that is cut off leaves us unsure of its outcome.
                await handlers.InvokeAsync(claimed.Type, claimed.Body, scope.ServiceProvider, CancellationToken.None);
                var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
                if (!message.IsDone)
                    session.Enlist(new("delete from messages where id = @id and lease = @lease",
                        new Dictionary<string, object?> { ["id"] = claimed.Id, ["lease"] = claimed.Lease }, MustAffect: 1));
                await session.SaveChangesAsync(CancellationToken.None);
                return;
            }
            catch (ConcurrencyException) when (attempt < MaxConflicts)
            {
                if (!await IsOursAsync(claimed))
                    return; // The lease ran out and another worker has it: it decides.
            }
        }
    }

    private async Task<bool> IsOursAsync(Claimed claimed) =>
        (await database.QueryAsync<long>("select 1 from messages where id = @Id and lease = @Lease", new { claimed.Id, claimed.Lease }, CancellationToken.None)).Count == 1;

    /// <summary>Waits as long again as it has waited already: at least half a minute, at most 15 minutes.</summary>
    private async Task DelayAsync(Claimed claimed, DelayedException delayed)
    {
        var now = time.GetUtcNow();
        var since = claimed.DelayedSince == 0 ? now : Instant.From(claimed.DelayedSince);
        logger.LogWarning("Message {Id} ({Type}) has been delayed since {Since}: {Cause}", claimed.Id, claimed.Type, since, delayed.Message);
        // The attempts do not add up: they are for what fails by itself.
        await database.SaveAsync([new(
            """
            update messages set lease = null, lease_until = 0, attempts = 0, due = @due, delayed_by = @by, delayed_since = @since, error = @error
            where id = @id and lease = @lease
            """,
            new Dictionary<string, object?>
            {
                ["due"] = Instant.To(now + TimeSpan.FromSeconds(Math.Clamp((now - since).TotalSeconds, 30, 900))),
                ["by"] = delayed.By,
                ["since"] = Instant.To(since),
                ["error"] = delayed.Message,
                ["id"] = claimed.Id,
                ["lease"] = claimed.Lease,
            })], CancellationToken.None);
    }

    private async Task FailAsync(Claimed claimed, string error, bool giveUp = false)
    {
        var now = time.GetUtcNow();
        var parked = giveUp || claimed.Attempts >= MaxAttempts;
        logger.LogError("Message {Id} ({Type}) failed at attempt {Attempt} with {Error}{Parked}",
            claimed.Id, claimed.Type, claimed.Attempts, error, parked ? "; it is parked" : "");
        var release = new Statement(
            """
            update messages set lease = null, lease_until = 0, due = @due, parked_at = @parked, error = @error, delayed_by = null, delayed_since = 0
            where id = @id and lease = @lease
            """,
            new Dictionary<string, object?>
            {
                ["due"] = Instant.To(now + BackOff(claimed.Attempts)),
                ["parked"] = parked ? Instant.To(now) : null,
                ["error"] = error,
                ["id"] = claimed.Id,
                ["lease"] = claimed.Lease,
            });
        if (!parked || !await TryParkAsync(claimed, release))
            await SaveOrKeepAsync(release);
    }

    /// <summary>While the database is away, the release waits here: otherwise the message would have to wait for the end of its lease.</summary>
    private async Task SaveOrKeepAsync(Statement release)
    {
        try
        {
            await database.SaveAsync([release], CancellationToken.None);
        }
        catch
        {
            _unsaved.Enqueue(release);
            throw;
        }
    }

    /// <summary>Parks a message together with what follows from that. False when that failed as well.</summary>
    private async Task<bool> TryParkAsync(Claimed claimed, Statement release)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                await handlers.ParkedAsync(claimed.Type, claimed.Body, scope.ServiceProvider, CancellationToken.None);
                var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
                session.Enlist(release with { MustAffect = 1 });
                await session.SaveChangesAsync(CancellationToken.None);
                return true;
            }
            catch (ConcurrencyException) when (attempt < MaxConflicts)
            {
            }
            catch (Exception e)
            {
                logger.LogError("Nobody could be told that message {Id} ({Type}) is parked: {Exception}", claimed.Id, claimed.Type, e.GetType().Name);
                return false;
            }
        }
    }

    /// <summary>5 s, 10 s, 20 s … at most 10 minutes.</summary>
    internal static TimeSpan BackOff(long attempts) => TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, attempts - 1), 600));

    private sealed record Claimed(string Id, string Type, string Body, long Attempts, string Lease, long DelayedSince);
}

/// <summary>The message that this scope works on, for a handler that calls a provider in between two saves.</summary>
public sealed class ClaimedMessage(TimeProvider time)
{
    private string? _id;
    private string? _lease;

    /// <summary>The message was deleted by the handler's own save.</summary>
    public bool IsDone { get; private set; }

    public void Use(string id, string lease) => (_id, _lease) = (id, lease);

    /// <summary>Part of the transaction that records an attempt: it fails where the lease was lost, and begins it anew for the call.</summary>
    public Statement Renew() => new("update messages set lease_until = @until where id = @id and lease = @lease",
        new Dictionary<string, object?> { ["until"] = Instant.To(time.GetUtcNow() + MessageWorker.Lease), ["id"] = Id, ["lease"] = _lease }, MustAffect: 1);

    /// <summary>Saves what came of the attempt, and that this message is done: whoever may have it now has nothing left to do.</summary>
    public async Task CompleteAsync(IDocumentSession session)
    {
        session.Enlist(new("delete from messages where id = @id", new Dictionary<string, object?> { ["id"] = Id }));
        await session.SaveChangesAsync();
        IsDone = true;
    }

    private string Id => _id ?? throw new InvalidOperationException("No message is being handled in this scope.");
}
