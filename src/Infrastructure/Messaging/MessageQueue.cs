using System.Collections.Concurrent;
using PatientResponse.Infrastructure.Storage;
using Wolverine;
using Wolverine.Runtime;
using Wolverine.Runtime.WorkerQueues;
using Wolverine.Transports;
using Wolverine.Transports.Sending;
using IMessage = PatientResponse.Infrastructure.Storage.IMessage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>What this process has to do with the queue: it does its own new messages at once, unless it has enough in memory or works on none.</summary>
public sealed partial class MessageQueue(IDatabase database, DurabilitySettings durability, TimeProvider time, ILogger<MessageQueue> logger) : IOutbox
{
    /// <summary>With more in memory, new ones are left to whoever looks first.</summary>
    public const int MostInMemory = 500;

    /// <summary>The clocks of copies differ by less.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, string> _inHand = [];
    private volatile ISendingAgent? _queue;

    /// <summary>The number of this process among all copies.</summary>
    public int Node => durability.AssignedNodeNumber;

    /// <summary>Who does a message that is due at once.</summary>
    public int OwnerOfNew => _queue is IListenerCircuit { Status: ListeningStatus.Accepting, QueueCount: < MostInMemory } ? Node : 0;

    /// <summary>The messages that are being done here now.</summary>
    public IReadOnlyCollection<Guid> InHand => [.. _inHand.Keys];

    /// <summary>From now on this process does messages.</summary>
    public void Open(IWolverineRuntime runtime) => _queue = runtime.Endpoints.AgentForLocalQueue(Envelopes.Queue.Host);

    /// <summary>Begins nothing more. What is in hand comes to its end; what takes too long is given back, and another process may take it at once.</summary>
    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _queue, null) is not ILocalQueue queue)
            return;
        await queue.DrainAsync();
        foreach (var (id, type) in _inHand)
            LogGivenBack(id, type);
    }

    public QueuedMessage Queue(IMessage message, DateTimeOffset now, DateTimeOffset? due)
    {
        var envelope = Envelopes.New(message, now, due, OwnerOfNew);
        return new(Envelopes.Insert(envelope), () => BeginAsync(envelope));
    }

    /// <summary>One that is lost on the way is found by <see cref="QueueCare"/>.</summary>
    private async Task BeginAsync(Envelope committed)
    {
        try
        {
            if (committed.OwnerId == Node && _queue is { } queue)
                await queue.EnqueueOutgoingAsync(committed);
        }
        catch (Exception)
        {
            // The process is about to stop. Whoever saved them has done it, and hears of no failure.
        }
    }

    /// <summary>Begins a message, if it is still this process's: what it had in memory while it stood still may be another's by now, or done.
    /// That it was begun is on record, so that one which takes the process with it each time is given up in the end. Wolverine goes by this
    /// machine's own clock: what it brings too early goes back.</summary>
    /// <param name="session">Gets what the message's handler reads first. Nobody waits for a disk: a server that crashes in this second forgets an attempt.</param>
    internal async Task<bool> TakeAsync(Envelope envelope, IDocumentSession session)
    {
        if (!_inHand.TryAdd(envelope.Id, Envelopes.NameOf(envelope.MessageType)))
            return false;
        try
        {
            var soon = time.GetUtcNow() + Early;
            var reading = session.Read();
            var taken = reading.Query<int>(
                $"""
                with taken as (
                    update {Envelopes.Inbox} set attempts = @Attempts
                    where id = @Id and owner_id = @Node and status = 'Incoming' and (execution_time is null or execution_time <= @soon) returning 1)
                select 1 from taken where set_config('synchronous_commit', 'off', true) is not null
                """, new { envelope.Attempts, envelope.Id, Node, soon });
            if (envelope.Message is IReadsAhead message)
                message.Ask(reading.Ahead);
            await reading.AskAsync();
            if (taken.Value.Count == 1)
                return true;
            await database.WriteAsync<int>(
                $"update {Envelopes.Inbox} set status = 'Scheduled', owner_id = 0 where id = @Id and owner_id = @Node and status = 'Incoming' and execution_time > @soon returning 1",
                new { envelope.Id, Node, soon }, CancellationToken.None);
        }
        catch
        {
            LetGo(envelope);
            throw;
        }
        LetGo(envelope);
        return false;
    }

    internal void LetGo(Envelope envelope) => _inHand.TryRemove(envelope.Id, out _);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} ({Type}) is given back unfinished")]
    private partial void LogGivenBack(Guid id, string type);
}
