namespace PatientResponse.Infrastructure.Web;

/// <summary>The framework logs addresses, and ours hold secrets: below Warning it is silent, whatever the settings say.</summary>
public static class QuietFramework
{
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.Extensions.Http", "System.Net.Http", "Npgsql"];

    public static void Clamp(LoggerFilterOptions options)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            if (IsTalkative(rule.CategoryName) && (rule.LogLevel ?? LogLevel.Trace) < LogLevel.Warning)
                options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, LogLevel.Warning, rule.Filter);
        }
        // The last of equally specific rules wins; a provider's own rule beats a general one, so each gets its own.
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Distinct().Append(null).ToList())
        {
            foreach (var category in Talkative)
                if (!options.Rules.Any(rule => rule.ProviderName == provider && rule.CategoryName == category))
                    options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
        }
    }

    /// <summary>Whether a rule for this category, which may hold a <c>*</c>, can mean one of the talkative.</summary>
    private static bool IsTalkative(string? category) =>
        category?.Split('*')[0] is { } start && Talkative.Any(talkative => start.StartsWith(talkative, StringComparison.OrdinalIgnoreCase)
            || talkative.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
