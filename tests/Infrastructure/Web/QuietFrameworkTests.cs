using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Tests.Infrastructure.Web;

public class QuietFrameworkTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Microsoft")]
    [InlineData("Micro")]
    [InlineData("Microsoft.AspNetCore.*")]
    [InlineData("*AspNetCore.Hosting.Diagnostics")]
    [InlineData("Micro*.AspNetCore.Hosting.Diagnostics")]
    [InlineData("*")]
    [InlineData(null)]
    public void No_setting_lets_the_framework_log_addresses(string? category)
    {
        foreach (var provider in new[] { null, "Console", typeof(ConsoleLoggerProvider).FullName })
        {
            var options = new LoggerFilterOptions();
            options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Trace, null));
            Assert.True(Logs(options), "The setting would show them.");
            QuietFramework.Clamp(options);
            Assert.False(Logs(options), $"{provider} {category}");
        }
    }

    [Theory]
    [InlineData("PatientResponse.Features.DeliverSms")]
    [InlineData("PatientResponse.Features.DeliverSmsx")]
    [InlineData("PatientResponse")]
    [InlineData("*DeliverSms")]
    [InlineData("PatientResponse.Features.*DeliverSms")]
    [InlineData("*")]
    [InlineData(null)]
    public void No_setting_lets_Wolverine_log_what_a_handler_of_a_message_threw(string? category)
    {
        foreach (var provider in new[] { null, "Console", typeof(ConsoleLoggerProvider).FullName })
        {
            var options = new LoggerFilterOptions();
            options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Trace, null));
            QuietFramework.Clamp(options);
            Assert.False(Logs(options, "PatientResponse.Features.DeliverSms", LogLevel.Critical), $"{provider} {category}");
            Assert.False(Logs(options, "PatientResponse.Infrastructure.Messaging.Parked", LogLevel.Critical), $"{provider} {category}");
            Assert.False(Logs(options, "Wolverine.Runtime.WolverineRuntime", LogLevel.Information), $"{provider} {category}");
            Assert.True(Logs(options, "PatientResponse.Infrastructure.Messaging.FailedMessages", LogLevel.Error), $"{provider} {category}");
        }
    }

    private static bool Logs(LoggerFilterOptions options, string category = "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel level = LogLevel.Information)
    {
        using var factory = new LoggerFactory([new ConsoleLoggerProvider(new Options())], options);
        return factory.CreateLogger(category).IsEnabled(level);
    }

    private sealed class Options : Microsoft.Extensions.Options.IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue { get; } = new();

        public ConsoleLoggerOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
