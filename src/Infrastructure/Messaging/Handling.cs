using PatientResponse.Infrastructure.Storage;
using Wolverine;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Around every handler of a message; Wolverine finds these methods by their names.</summary>
public static class Handling
{
    public static async Task<HandlerContinuation> BeforeAsync(Envelope envelope, MessageInHand hand) =>
        await hand.TryTakeAsync(envelope) ? HandlerContinuation.Continue : HandlerContinuation.Stop;

    /// <summary>What a handler changed and the end of its message are one save.</summary>
    public static Task AfterAsync(MessageInHand hand) => hand.FinishAsync();
}
