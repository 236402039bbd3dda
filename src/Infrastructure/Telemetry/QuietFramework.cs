using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Telemetry;

/// <summary>The framework logs addresses, and ours hold secrets: below Warning it is silent, whatever the settings say. Wolverine logs
/// whole exceptions of handlers, which may quote anything, under the name of the message: those are silent altogether.</summary>
public static class QuietFramework
{
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.Extensions.Http", "System.Net.Http", "Npgsql", "Wolverine", "JasperFx", "Marten", "Weasel"];

    private static readonly string[] Messages = [.. typeof(Program).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IMessage))).Select(type => type.FullName!.Split('`')[0])];

    public static void Clamp(LoggerFilterOptions options)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            if (IsTalkative(rule.CategoryName) && (rule.LogLevel ?? LogLevel.Trace) < LogLevel.Warning)
                options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, LogLevel.Warning, rule.Filter);
            else if (IsMessage(rule.CategoryName))
                options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, LogLevel.None, rule.Filter);
        }
        // The last of equally specific rules wins; a provider's own rule beats a general one, so each gets its own.
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Distinct().Append(null).ToList())
        {
            foreach (var category in Talkative)
                if (!options.Rules.Any(rule => rule.ProviderName == provider && rule.CategoryName == category))
                    options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
            foreach (var message in Messages)
                options.Rules.Add(new LoggerFilterRule(provider, message, LogLevel.None, null));
        }
    }

    /// <summary>Also with a <c>*</c> somewhere before its end.</summary>
    private static bool IsMessage(string? category) =>
        category?.Split('*') is [{ } start, ..] parts && Messages.Any(message => message.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && category.Length >= message.Length && message.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a rule for this category, which may hold a <c>*</c>, can mean one of the talkative.</summary>
    private static bool IsTalkative(string? category) =>
        category?.Split('*')[0] is { } start && Talkative.Any(talkative => start.StartsWith(talkative, StringComparison.OrdinalIgnoreCase)
            || talkative.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
