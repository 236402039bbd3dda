using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Sms.Notify;

/// <summary>The whole product, with GOV.UK Notify as its carrier. <see cref="Log"/> holds all that it would log at the most talkative setting.</summary>
public sealed class NotifyApp : TestApp
{
    public const string Token = "the-bearer-token-that-was-agreed";

    private NotifyApp(FakeService service, string address)
    {
        Service = service;
        Service.Clock = Time;
        Settings["PublicUrl"] = "https://reply.example.nhs.uk";
        Settings["Sms:Provider"] = "notify";
        Settings["Notify:BaseUrl"] = address;
        Settings["Notify:ApiKey"] = Service.Key;
        Settings["Notify:SmsTemplateId"] = Service.TemplateId;
        Settings["Notify:CallbackToken"] = Token;
        Settings["Logging:LogLevel:Default"] = "Trace";
        Settings["Logging:LogLevel:System.Net.Http"] = "Trace";
        Replace = services => services.AddSingleton<ILoggerProvider>(Log);
    }

    public FakeService Service { get; }
    public LogCapture Log { get; } = new();

    /// <summary>Through the proxy that knows what Notify allows.</summary>
    public static async Task<NotifyApp> StartAsync(NotifyCounterpart notify) => new((await notify.NotifyAsync()).NewService(), await notify.ProxyAsync());

    /// <summary>Straight to the made-up Notify: a proxy would answer for a connection that breaks.</summary>
    public static async Task<NotifyApp> StartDirectlyAsync(NotifyCounterpart notify)
    {
        var fake = await notify.NotifyAsync();
        return new(fake.NewService(), fake.Address);
    }

    /// <summary>With a carrier at an address of the test's own.</summary>
    public static NotifyApp StartAt(string address) => new(new(), address);

    /// <summary>Notify reports, as it does.</summary>
    public async Task<HttpStatusCode> ReportsAsync(FakeNotification notification, string status)
    {
        var answer = await PostAsync(Report(notification.Reference, status), $"Bearer {Token}");
        await DoQueuedWorkAsync();
        return answer;
    }

    public static string Report(string? reference, string status, string kind = "sms") => JsonSerializer.Serialize(new
    {
        id = $"{Guid.NewGuid():D}",
        reference,
        to = "07700900001",
        status,
        created_at = "2026-03-02T09:30:00.000000Z",
        completed_at = "2026-03-02T09:31:00.000000Z",
        sent_at = "2026-03-02T09:30:10.000000Z",
        notification_type = kind,
        template_id = $"{Guid.NewGuid():D}",
        template_version = 1,
    });

    public async Task<HttpStatusCode> PostAsync(string body, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/webhooks/notify") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return (await NewBrowser().SendAsync(request)).StatusCode;
    }

    /// <summary>Lets time pass in small steps, with a worker at work all the while.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        for (var step = TimeSpan.FromSeconds(time > TimeSpan.FromHours(1) ? 60 : 10); time > TimeSpan.Zero; time -= step)
        {
            Time.Advance(step);
            await DoQueuedWorkAsync();
        }
    }
}
