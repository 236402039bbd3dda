using System.Globalization;

namespace PatientResponse.Infrastructure.Hosting;

/// <summary>What is missing or unsafe, found before anything starts, and all of it at once. Each part states its own.</summary>
public static class StartChecks
{
    public static IReadOnlyList<string> Problems(IConfiguration configuration, IHostEnvironment environment) =>
        Problems(configuration, new Purpose(!environment.IsDevelopment(), Serves: true));

    /// <summary>The same for an operator's command, which sends nothing.</summary>
    public static IReadOnlyList<string> ProblemsOfCommands(IConfiguration configuration, IHostEnvironment environment) =>
        Problems(configuration, new Purpose(!environment.IsDevelopment(), Serves: false));

    private static IReadOnlyList<string> Problems(IConfiguration configuration, Purpose purpose)
    {
        var parts = Discovery.Find<ISettings>().ToList();
        return [.. parts.SelectMany(part => part.Problems(configuration, purpose)), .. Unknown(configuration, [.. parts.SelectMany(part => part.Keys)])];
    }

    /// <summary>A key of a section of ours that nothing reads: a typing mistake would otherwise pass for a default.</summary>
    private static IEnumerable<string> Unknown(IConfiguration configuration, IReadOnlyList<string> known) =>
        from section in known.Where(key => key.Contains(':', StringComparison.Ordinal)).Select(key => key.Split(':')[0]).Distinct()
        from setting in configuration.GetSection(section).AsEnumerable()
        where !string.IsNullOrEmpty(setting.Value) && setting.Key.Contains(':', StringComparison.Ordinal)
        where !known.Contains(Pattern(setting.Key), StringComparer.OrdinalIgnoreCase)
        select $"{setting.Key} is not a setting of this version. Those of {section} are: {string.Join(", ", known.Where(key => key.StartsWith(section + ":", StringComparison.Ordinal)))}.";

    /// <summary>The number at the end of a list's key says nothing.</summary>
    private static string Pattern(string key) =>
        key.LastIndexOf(':') is var colon && int.TryParse(key[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? key[..colon] + ":*" : key;
}
