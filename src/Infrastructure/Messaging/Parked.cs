using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Follows in the transaction that gives <paramref name="Message"/> up: whoever waits for it is told by a handler of this.</summary>
public sealed record Parked<T>(T Message) : IMessage where T : IMessage;
