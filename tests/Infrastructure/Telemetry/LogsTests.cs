using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Telemetry;

public class LogsTests
{
    [Theory]
    [InlineData("Production", "json")]
    [InlineData("Development", null)]
    public void Machines_read_the_log_of_production_and_people_that_of_development(string environment, string? format)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.AddTelemetry();

        using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(format, services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
    }

    [Fact]
    public async Task A_request_is_logged_by_its_route()
    {
        using var lines = new Lines();
        await using var app = new TestApp
        {
            Settings = { ["Logging:LogLevel:PatientResponse.Requests"] = "Information" },
            Replace = services => services.AddSingleton<ILoggerProvider>(lines),
        };
        var browser = app.NewBrowser();
        await browser.GetAsync("/r/0123456789abcdefghjkmnpqrs");
        await browser.GetAsync("/patients?q=Test+Patient");
        await browser.GetAsync("/no/such/page");
        await browser.GetAsync("/health/live");

        Assert.Equal(["GET /r/{token} 404", "GET /patients/ 302", "GET /sign-in 200", "GET {**rest} 404"], lines.Of("PatientResponse.Requests").Select(line => line.Split(" in ")[0]));
    }

    /// <summary>An address is personal data, and a proxy's log is the place for it.</summary>
    [Fact]
    public async Task No_line_of_the_log_holds_the_address_that_a_request_came_from()
    {
        using var lines = new Lines();
        await using var app = new TestApp
        {
            Settings = { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:PatientResponse.Requests"] = "Trace", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace", ["Proxy:KnownNetworks:0"] = "127.0.0.0/8" },
            Replace = services => services.AddSingleton<ILoggerProvider>(lines),
        };
        app.UsePort();
        var browser = new TestBrowser(new CookieContainer(), new From("203.0.113.77"), app.Address);
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", "nobody@example.nhs.uk"), ("password", "wrong-password"));
        var seen = await app.WithAsync<Counters, long>(counters => counters.ReadAsync("wrong-password/203.0.113.77", CancellationToken.None));
        for (var i = 0; i < 70; i++)
            await app.WithAsync<Counters, long>(counters => counters.AddAsync("wrong-password/203.0.113.77", TimeSpan.FromMinutes(15), CancellationToken.None));
        foreach (var address in new[] { "/r/0123456789abcdefghjkmnpqrs", "/patients?q=x", "/no/such", "/patients?q=%00", "/health/ready" })
            await browser.GetAsync(address);
        await browser.SendAsync(new(HttpMethod.Post, new Uri(app.Address, "/webhooks/twilio")) { Content = new StringContent("x") });
        await browser.SendAsync(new(HttpMethod.Post, new Uri(app.Address, "/sign-in")) { Content = new StringContent("--b", new MediaTypeHeaderValue("multipart/form-data")) });

        // The premise: the app knows the address, and it writes a log.
        Assert.Equal(1, seen);
        Assert.NotEmpty(lines.Of("PatientResponse.Requests"));
        Assert.DoesNotContain(lines.All, line => line.Contains("203.0.113.77", StringComparison.Ordinal));
    }

    private sealed class From : DelegatingHandler
    {
        private readonly string _address;

        public From(string address) : base(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) => _address = address;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Forwarded-For", _address);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, string Line)> _lines = [];

        public IReadOnlyList<string> Of(string category) => [.. _lines.Where(line => line.Category == category).Select(line => line.Line)];

        public IReadOnlyList<string> All => [.. _lines.Select(line => line.Line)];

        public ILogger CreateLogger(string categoryName) => new Writer(categoryName, _lines);

        public void Dispose()
        {
        }

        private sealed class Writer(string category, ConcurrentQueue<(string, string)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue((category, formatter(state, exception)));
        }
    }
}
