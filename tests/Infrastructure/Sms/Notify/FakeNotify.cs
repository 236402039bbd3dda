using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace PatientResponse.Tests.Infrastructure.Sms.Notify;

/// <summary>A made-up GOV.UK Notify on loopback with a service for each test. It keeps the rules that Notify's description of its API does not state.</summary>
public sealed class FakeNotify : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FakeService> _services = new();
    private readonly WebApplication _server;

    private FakeNotify(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public static async Task<FakeNotify> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var notify = new FakeNotify(server);
        server.Run(notify.AnswerAsync);
        await server.StartAsync();
        return notify;
    }

    public FakeService NewService()
    {
        var service = new FakeService();
        _services[service.Id] = service;
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero); // Some requests hang on purpose.
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        return Issuer(authorization) is not { } issuer || !_services.TryGetValue(issuer, out var service) || !service.Knows(authorization)
                ? FakeService.RefuseAsync(context, 403, "AuthError", "Invalid token: API key not found")
            : (context.Request.Method, context.Request.Path.Value) switch
            {
                ("POST", "/v2/notifications/sms") => service.SendAsync(context),
                ("GET", "/v2/notifications") => service.ListAsync(context),
                _ => FakeService.RefuseAsync(context, 404, "NoResultFound", "No result found"),
            };
    }

    private static string? Issuer(string authorization)
    {
        try
        {
            return JsonDocument.Parse(WebEncoders.Base64UrlDecode(authorization.Split('.')[1])).RootElement.GetProperty("iss").GetString();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
