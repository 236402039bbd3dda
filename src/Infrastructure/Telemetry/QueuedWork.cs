using System.Diagnostics;

namespace PatientResponse.Infrastructure.Telemetry;

/// <summary>Spans of queued messages, named by their type. Nothing is made where nobody listens.</summary>
public static class QueuedWork
{
    public const string Name = "PatientResponse";
    private static readonly ActivitySource Source = new(Name);

    public static Activity? Begin(string messageType) => Source.StartActivity(messageType, ActivityKind.Consumer);
}
