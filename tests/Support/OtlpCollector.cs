using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientResponse.Tests.Support;

/// <summary>Takes what OpenTelemetry exports over HTTP, and keeps the bytes.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Bytes)> _received = [];

    private OtlpCollector(WebApplication app) => _app = app;

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector._received.Enqueue((request.Path, body.ToArray()));
        });
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>For an app that is to export here, and often.</summary>
    public string[] Settings =>
    [
        $"OTEL_EXPORTER_OTLP_ENDPOINT={_app.Urls.Single()}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "OTEL_BSP_SCHEDULE_DELAY=200", "OTEL_METRIC_EXPORT_INTERVAL=500",
    ];

    public byte[] Traces => Of("/v1/traces");

    public byte[] Metrics => Of("/v1/metrics");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private byte[] Of(string path) => [.. _received.Where(received => received.Path == path).SelectMany(received => received.Bytes)];
}
