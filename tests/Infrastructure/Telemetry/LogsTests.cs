using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
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

    private sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, string Line)> _lines = [];

        public IReadOnlyList<string> Of(string category) => [.. _lines.Where(line => line.Category == category).Select(line => line.Line)];

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
