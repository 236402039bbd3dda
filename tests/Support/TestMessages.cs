using PatientResponse.Features;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>What happens while one of the messages below is being handled: nothing, unless a test says so.</summary>
public sealed class Script
{
    public Func<IMessage, Task> During { get; set; } = _ => Task.CompletedTask;
}

/// <summary>Appends an event that holds <paramref name="N"/>.</summary>
public sealed record Tick(Guid ConversationId, int N) : IMessage;

public static class TickHandler
{
    public static async Task HandleAsync(Tick message, IDocumentSession session, Script script, TimeProvider time)
    {
        if (await session.Events.FetchForWriting<Conversation>(message.ConversationId) is not { } stream)
            return;
        await script.During(message);
        stream.AppendMany([new DateOfBirthRefused($"{message.N}", time.GetUtcNow())]);
    }

    /// <summary>The numbers of the ticks that took effect, in order.</summary>
    public static async Task<IReadOnlyList<int>> TicksAsync(this TestCopy copy, Guid id) =>
        [.. (await copy.FetchAsync(id))!.History.Select(e => e.Data).OfType<DateOfBirthRefused>().Select(tick => int.Parse(tick.Fingerprint, null))];
}

/// <summary>Decides purely: an event, and a <see cref="Tick"/> for later.</summary>
public sealed record Decide(Guid ConversationId) : IMessage;

public static class DecideHandler
{
    public static Task HandleAsync(Decide message, IDocumentSession session, TimeProvider time) => session.DecideAsync<Conversation>(
        message.ConversationId, conversation => ([new LinkLocked(time.GetUtcNow())], new() { new Tick(message.ConversationId, conversation.TriesLeft) }));
}

/// <summary>Changes nothing itself; queues a <see cref="Tick"/>. Nothing but the lease keeps it from being done twice.</summary>
public sealed record PassOn(Guid ConversationId) : IMessage;

public static class PassOnHandler
{
    public static async Task HandleAsync(PassOn message, IDocumentSession session, Script script)
    {
        await script.During(message);
        session.Publish(new() { new Tick(message.ConversationId, 1) });
    }
}

/// <summary>Fails whenever it is tried.</summary>
public sealed record Poison(Guid ConversationId) : IMessage;

public static class PoisonHandler
{
    public static void Handle(Poison message) => throw new InvalidOperationException($"Poison {message.ConversationId}");
}
