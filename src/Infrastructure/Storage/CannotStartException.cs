namespace PatientResponse.Infrastructure.Storage;

/// <summary>What this process was given cannot be worked with. The message is for the operator.</summary>
public sealed class CannotStartException : Exception
{
    public CannotStartException() { }
    public CannotStartException(string message) : base(message) { }
    public CannotStartException(string message, Exception inner) : base(message, inner) { }
}
