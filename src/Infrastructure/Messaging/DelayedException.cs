namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Somebody else's outage: the message itself is well, and is tried for days rather than a few times. Its text is stored and logged: nothing personal.</summary>
public sealed class DelayedException : Exception
{
    public DelayedException() { }
    public DelayedException(string message) : base(message) { }
    public DelayedException(string message, Exception inner) : base(message, inner) { }

    /// <summary>What the message waits for, in a word that is stored beside it: nothing personal.</summary>
    public string By { get; init; } = "";
}
