using System.Text.Json;

namespace PatientResponse.Tests;

/// <summary>The Big List of Naughty Strings: what breaks careless programs.</summary>
public static class NaughtyStrings
{
    public static IReadOnlyList<string> All { get; } = Read();

    private static string[] Read()
    {
        using var stream = typeof(NaughtyStrings).Assembly.GetManifestResourceStream("blns.json")!;
        return JsonSerializer.Deserialize<string[]>(stream)!;
    }
}
