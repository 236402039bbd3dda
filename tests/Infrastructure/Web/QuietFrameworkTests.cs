using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using PatientResponse.Infrastructure.Web;

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

    private static bool Logs(LoggerFilterOptions options)
    {
        using var factory = new LoggerFactory([new ConsoleLoggerProvider(new Options())], options);
        return factory.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information);
    }

    private sealed class Options : Microsoft.Extensions.Options.IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue { get; } = new();

        public ConsoleLoggerOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
