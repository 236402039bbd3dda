namespace PatientResponse.Infrastructure.Storage;

/// <summary>Marks a message: ids only, never personal data, because queue rows are not encrypted.</summary>
public interface IMessage;

/// <summary>A message whose handler's first reads are known before: they come with the message, in one round trip.</summary>
public interface IReadsAhead : IMessage
{
    void Ask(IAhead ahead);
}

/// <summary>What a handler wants to have done later; stored with its events or not at all.</summary>
public sealed class OutgoingMessages : List<OutgoingMessages.Envelope>
{
    /// <param name="Due">Null: at once.</param>
    public sealed record Envelope(IMessage Message, DateTimeOffset? Due);

    public void Add(IMessage message) => Add(new Envelope(message, null));

    public void Schedule(IMessage message, DateTimeOffset due) => Add(new Envelope(message, due));
}
