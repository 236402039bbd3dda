namespace PatientResponse.Infrastructure.Messaging;

/// <summary>The message was refused for good: it is parked at once. Its text is stored and logged: nothing personal.</summary>
public sealed class RefusedException : Exception
{
    public RefusedException() { }
    public RefusedException(string message) : base(message) { }
    public RefusedException(string message, Exception inner) : base(message, inner) { }
}
