using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;
using Wolverine;
using Wolverine.Runtime;
using Wolverine.Runtime.Serialization;
using Wolverine.Transports;

namespace PatientResponse.Tests.Support;

/// <summary>Does queued messages when a test says so, at the test's own time, through Wolverine's own pipeline. In an app that works on
/// none itself they wait in the database.</summary>
public sealed class QueuedWork(IServiceProvider services)
{
    /// <summary>What waits, due or not.</summary>
    public const string Waiting = "wolverine_incoming_envelopes";

    /// <summary>What was given up.</summary>
    public const string Parked = "wolverine_dead_letters";

    private readonly IDatabase _database = services.GetRequiredService<IDatabase>();
    private readonly int _node = services.GetRequiredService<MessageQueue>().Node;

    /// <summary>How often this asked the database for a message. The product hands its own new messages over in memory.</summary>
    public int Asked { get; private set; }

    /// <summary>Does the next message that is due. False when there is none.</summary>
    /// <param name="ahead">How far the clock of whoever brings it is ahead of the app's.</param>
    public async Task<bool> DoOneAsync(TimeSpan ahead = default)
    {
        Asked++;
        var rows = await _database.WriteAsync<Row>(
            $"""
            update {Waiting} set owner_id = @node, status = 'Incoming' where id = (
                select id from {Waiting} where owner_id = 0 and execution_time <= @now order by execution_time, id limit 1 for update skip locked)
            returning id, body, attempts, message_type as Type
            """, new { node = _node, now = services.GetRequiredService<TimeProvider>().GetUtcNow() + ahead }, CancellationToken.None);
        if (rows.Count == 0)
            return false;
        var envelope = EnvelopeSerializer.Deserialize(rows[0].Body);
        (envelope.Id, envelope.MessageType, envelope.Attempts, envelope.OwnerId) = (rows[0].Id, rows[0].Type, rows[0].Attempts, _node);
        (envelope.Status, envelope.WasPersistedInInbox) = (EnvelopeStatus.Incoming, true);
        var runtime = services.GetRequiredService<IWolverineRuntime>();
        await runtime.Pipeline.InvokeAsync(envelope, new FromTheDatabase(runtime));
        return true;
    }

    /// <summary>Does everything that is due now.</summary>
    public async Task DoAsync()
    {
        while (await DoOneAsync()) { }
    }

    /// <summary>As Wolverine does some seconds after a process died: others may have what it had begun.</summary>
    public Task ReleaseAsync() => _database.ExecuteAsync($"update {Waiting} set owner_id = 0 where owner_id = @node", ("node", _node));

    private sealed class Row
    {
        public Guid Id { get; init; }
        public byte[] Body { get; init; } = [];
        public int Attempts { get; init; }
        public string Type { get; init; } = "";
    }

    /// <summary>What the pipeline tells about the message in hand.</summary>
    private sealed class FromTheDatabase(IWolverineRuntime runtime) : IChannelCallback
    {
        public IHandlerPipeline Pipeline => runtime.Pipeline;

        public async ValueTask CompleteAsync(Envelope envelope)
        {
            if (envelope.Status != EnvelopeStatus.Handled)
                await runtime.Storage.Inbox.MarkIncomingEnvelopeAsHandledAsync(envelope);
        }

        public ValueTask DeferAsync(Envelope envelope) => ValueTask.CompletedTask;
    }
}
