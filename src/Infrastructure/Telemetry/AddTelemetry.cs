using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PatientResponse.Infrastructure.Telemetry;

public static class TelemetryServices
{
    /// <summary>Logs: for people in Development, one JSON object a line elsewhere. Traces and metrics go out by OTLP where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to; the other <c>OTEL_…</c> settings hold too.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
            builder.Logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        builder.Services.AddSingleton<Measures>();
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("patient-response", serviceVersion: typeof(Program).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector())
            // Not Npgsql's: its spans of failed commands quote the server's message, which may quote a value.
            .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", QueuedWork.Name).AddProcessor<PrivateSpans>().AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(Measures.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime").AddOtlpExporter());
        builder.Services.AddSingleton<PrivateSpans>();
    }
}
