using PatientResponse.Infrastructure.Storage;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;
using Wolverine.Runtime.Serialization;
using IMessage = PatientResponse.Infrastructure.Storage.IMessage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>What becomes of a message whose handler failed. Everything about time is the app's clock, not Wolverine's.</summary>
public sealed partial class FailedMessages(
    IDatabase database, IServiceScopeFactory scopes, MessageQueue queue, HandlerGraph handlers, TimeProvider time, ILogger<FailedMessages> logger)
{
    /// <summary>After so many attempts a message is parked for an operator to see, and whoever waits for it is told.</summary>
    public const int MaxAttempts = 8;

    /// <summary>An outage of somebody else's is waited for so long. RFC 5321, 4.5.4.1, has at least 4 to 5 days for mail.</summary>
    public static readonly TimeSpan GiveUpDelayedAfter = TimeSpan.FromDays(4);

    private const string Conflicts = "conflicts";
    private const int MaxConflicts = 10;

    /// <summary>The one rule for every exception. A rule with slots ends in Wolverine's own dead letter when they are used up, so there are none.</summary>
    public static void Use(WolverineOptions options) => options.OnAnyException().CustomActionIndefinitely(
        (runtime, message, exception) => new(runtime.Services.GetRequiredService<FailedMessages>().DecideAsync(message, exception, runtime.Cancellation)),
        "Retry, wait or park");

    private async Task DecideAsync(IEnvelopeLifecycle message, Exception exception, CancellationToken stopping)
    {
        var envelope = message.Envelope!;
        if (exception is ConcurrencyException && CountOf(envelope, Conflicts) is var conflicts && conflicts < MaxConflicts)
        {
            envelope.Headers[Conflicts] = $"{conflicts + 1}";
            envelope.Attempts--; // Nothing is wrong with the message: somebody was faster.
            await message.RetryExecutionNowAsync();
            return;
        }
        envelope.Headers.Remove(Conflicts);
        // An exception out of here makes Wolverine mark the message as handled. It stays in hand until the database is back.
        for (var wait = TimeSpan.FromMilliseconds(100); ; wait = TimeSpan.FromSeconds(Math.Min(wait.TotalSeconds * 2, 5)))
        {
            try
            {
                await SettleAsync(envelope, exception);
                return;
            }
            catch (Exception e)
            {
                LogUnsettled(envelope.Id, Envelopes.NameOf(envelope.MessageType), e.GetType().Name);
                await Task.Delay(wait, time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
                if (stopping.IsCancellationRequested)
                    return; // Still ours in the database: the next process takes it over.
            }
        }
    }

    private async Task SettleAsync(Envelope envelope, Exception exception)
    {
        var now = time.GetUtcNow();
        var isVerdict = exception is DelayedException or RefusedException;
        // The text of others may quote what they choked on; their type never does.
        var error = isVerdict ? exception.Message : exception is InterruptedException ? "Interrupted" : exception.GetType().Name;
        if (exception is DelayedException delayed && (Delays.Since(envelope) ?? now) is var since && now - since < GiveUpDelayedAfter)
        {
            LogDelayed(envelope.Id, Envelopes.NameOf(envelope.MessageType), since, error);
            // The attempts do not add up: they are for what fails by itself.
            await RescheduleAsync(envelope, now + TimeSpan.FromSeconds(Math.Clamp((now - since).TotalSeconds, 30, 900)), attempts: 0, Delays.Begin(envelope, delayed.By, since));
            return;
        }
        var end = Delays.End(envelope);
        var isParked = isVerdict || envelope.Attempts >= MaxAttempts;
        LogFailed(envelope.Id, Envelopes.NameOf(envelope.MessageType), envelope.Attempts, error, isParked ? "; it is parked" : "");
        if (!isParked || !await TryParkAsync(envelope, exception, error, end))
            await RescheduleAsync(envelope, now + BackOff(envelope.Attempts), envelope.Attempts, end);
    }

    /// <summary>Rewrites the body too: what Wolverine itself does keeps the headers as they were.</summary>
    private Task RescheduleAsync(Envelope envelope, DateTimeOffset due, int attempts, Statement delay)
    {
        envelope.Attempts = attempts;
        envelope.ScheduledTime = due;
        envelope.Status = EnvelopeStatus.Scheduled;
        return database.SaveAsync(
        [
            new($"""
                update {Envelopes.Inbox} set status = 'Scheduled', owner_id = 0, execution_time = @due, attempts = @attempts, body = @body
                where id = @id and owner_id = @node and status = 'Incoming'
                """,
                new Dictionary<string, object?>
                {
                    ["due"] = due,
                    ["attempts"] = attempts,
                    ["body"] = EnvelopeSerializer.Serialize(envelope),
                    ["id"] = envelope.Id,
                    ["node"] = queue.Node,
                }),
            delay,
        ], CancellationToken.None);
    }

    /// <summary>Out of the queue, into the dead letters, and a message about it: in one transaction. False when that failed.</summary>
    private async Task<bool> TryParkAsync(Envelope envelope, Exception exception, string error, Statement endOfDelay)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        session.Enlist(new($"delete from {Envelopes.Inbox} where id = @id and owner_id = @node",
            new Dictionary<string, object?> { ["id"] = envelope.Id, ["node"] = queue.Node }, MustAffect: 1));
        session.Enlist(DeadLetter.Insert(envelope, exception.GetType().Name, error, time.GetUtcNow()));
        session.Enlist(endOfDelay);
        if (ParkedOf(envelope) is { } parked)
            session.Publish(new() { parked });
        try
        {
            await session.SaveChangesAsync(CancellationToken.None);
        }
        catch (ConcurrencyException)
        {
            // Another process has it by now: it decides.
        }
        envelope.Status = EnvelopeStatus.Handled;
        return true;
    }

    /// <summary>Null where nobody waits for it.</summary>
    private IMessage? ParkedOf(Envelope envelope)
    {
        if (envelope.Message is not IMessage message)
            return null;
        var type = typeof(Parked<>).MakeGenericType(message.GetType());
        return handlers.CanHandle(type) ? (IMessage)Activator.CreateInstance(type, message)! : null;
    }

    /// <summary>5 s, 10 s, 20 s … at most 10 minutes.</summary>
    internal static TimeSpan BackOff(int attempts) => TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, attempts - 1), 600));

    private static int CountOf(Envelope envelope, string header) =>
        int.TryParse(envelope.Headers.GetValueOrDefault(header), out var number) ? number : 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} ({Type}) has been delayed since {Since}: {Cause}")]
    private partial void LogDelayed(Guid id, string type, DateTimeOffset since, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} ({Type}) failed at attempt {Attempt} with {Error}{Parked}")]
    private partial void LogFailed(Guid id, string type, int attempt, string error, string parked);

    [LoggerMessage(Level = LogLevel.Error, Message = "What became of message {Id} ({Type}) could not be saved: {Exception}")]
    private partial void LogUnsettled(Guid id, string type, string exception);
}
