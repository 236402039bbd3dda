using System.Diagnostics;
using OpenTelemetry;

namespace PatientResponse.Infrastructure.Telemetry;

/// <summary>Leaves in a span what is named here, and nothing else: addresses hold tokens and names, headers hold whatever a
/// client likes, and what an exception says may quote what a person typed.</summary>
public sealed class PrivateSpans : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept =
        ["http.request.method", "http.route", "http.response.status_code", "url.scheme", "network.protocol.version", "error.type"];

    public override void OnEnd(Activity data)
    {
        foreach (var (key, _) in data.TagObjects.Where(tag => !Kept.Contains(tag.Key)).ToList())
            data.SetTag(key, null);
        if (data.Kind == ActivityKind.Server)
            data.DisplayName = $"{data.GetTagItem("http.request.method") ?? "HTTP"} {data.GetTagItem("http.route")}".TrimEnd();
        data.SetStatus(data.Status);
        data.TraceStateString = null;
        // Events cannot be taken out of a span, only the span out of what is sent.
        if (data.Events.Any() || data.TagObjects.Any(tag => !Kept.Contains(tag.Key)))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
