using System.Diagnostics;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;
using Wolverine;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>The message that this scope works on: its end is saved with what the handler decides, in the session of both.</summary>
public sealed class MessageInHand(MessageQueue queue, IDocumentSession session) : IDisposable
{
    private Envelope? _envelope;
    private Activity? _span;

    /// <summary>It left the queue in one of the handler's own saves.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Part of the transaction that records an attempt: it fails where another process has the message by now.</summary>
    public Statement StillOurs() => new($"select 1 from {Envelopes.Inbox} where id = @id and owner_id = @node and status = 'Incoming' for update",
        new Dictionary<string, object?> { ["id"] = Id, ["node"] = queue.Node }, MustAffect: 1, IsQuery: true);

    /// <summary>Saves what came of the attempt, and that this message is done: whoever may have it now has nothing left to do.</summary>
    public Task CompleteAsync() => CompleteAsync(new(
        $"delete from {Envelopes.Inbox} where id = @id", new Dictionary<string, object?> { ["id"] = Id }));

    /// <summary>False when there is nothing to do: another process has it, or it was done before.</summary>
    internal async Task<bool> TryTakeAsync(Envelope envelope)
    {
        if (!await queue.TakeAsync(envelope, session))
        {
            envelope.Status = EnvelopeStatus.Handled; // Wolverine leaves its row alone.
            return false;
        }
        _envelope = envelope;
        _span = QueuedWork.Begin(Envelopes.NameOf(envelope.MessageType));
        return envelope.Attempts <= FailedMessages.MaxAttempts ? true : throw new InterruptedException();
    }

    /// <summary>Saves what the handler decided; nothing of it where another process has the message by now.</summary>
    internal Task FinishAsync() => IsDone ? session.SaveChangesAsync() : CompleteAsync(new(
        $"delete from {Envelopes.Inbox} where id = @id and owner_id = @node",
        new Dictionary<string, object?> { ["id"] = Id, ["node"] = queue.Node }, MustAffect: 1));

    public void Dispose()
    {
        _span?.Dispose();
        if (_envelope is not null)
            queue.LetGo(_envelope);
    }

    private async Task CompleteAsync(Statement end)
    {
        session.Enlist(end.Over(Id));
        if (Delays.IsDelayed(_envelope!))
            session.Enlist(Delays.Over(Id));
        await session.SaveChangesAsync();
        _envelope!.Status = EnvelopeStatus.Handled;
        IsDone = true;
    }

    private Guid Id => (_envelope ?? throw new InvalidOperationException("No message is being handled in this scope.")).Id;
}

/// <summary>A message was begun often enough and never came to an end: perhaps it takes the process with it each time.</summary>
public sealed class InterruptedException : Exception
{
    public InterruptedException() { }
    public InterruptedException(string message) : base(message) { }
    public InterruptedException(string message, Exception inner) : base(message, inner) { }
}
