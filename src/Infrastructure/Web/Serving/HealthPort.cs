using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Web.Connections;
using PatientResponse.Infrastructure.Web.Requests;

namespace PatientResponse.Infrastructure.Web.Serving;

/// <summary>Answers for our health on a port of its own, where <c>Health:Port</c> names one, by a server of its own: whatever fills the public
/// port takes no place from it. It is for whoever watches this process, and is not to be published.</summary>
public sealed class HealthPort(IConfiguration configuration, IHostEnvironment environment, Readiness readiness, ILoggerFactory loggers) : IHostedLifecycleService, IDisposable
{
    /// <summary>Those who watch are few, and hold no connection.</summary>
    private const int Connections = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly KestrelServer? _server = HealthSettings.Port(configuration) is { } port ? Server(port, environment, loggers) : null;

    /// <summary>After the pages are served.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => _server?.StartAsync(new Answers(readiness), cancellationToken) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static KestrelServer Server(int port, IHostEnvironment environment, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        (options.Limits.MaxConcurrentConnections, options.Limits.MaxRequestBodySize) = (Connections, 0);
        (options.Limits.RequestHeadersTimeout, options.Limits.KeepAliveTimeout) = (Patience, Patience);
        if (environment.IsDevelopment())
            options.ListenLocalhost(port, listen => listen.UseOwnAnswers());
        else
            options.ListenAnyIP(port, listen => listen.UseOwnAnswers());
        return new(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    private sealed class Answers(Readiness readiness) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            var (request, response) = (context.Request, context.Response);
            var answer = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) ? new(StatusCodes.Status405MethodNotAllowed, "")
                : request.Path == HealthAnswer.LivePath ? HealthAnswer.Live
                : request.Path == HealthAnswer.ReadyPath ? await HealthAnswer.ReadyAsync(readiness)
                : new(StatusCodes.Status404NotFound, "");
            (response.StatusCode, response.ContentType, response.ContentLength) = (answer.Status, "text/plain; charset=utf-8", answer.Words.Length);
            foreach (var (name, value) in SecurityHeaders.Always)
                response.Headers[name] = value;
            response.Headers.Connection = "close";
            await response.WriteAsync(answer.Words, context.RequestAborted);
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
