using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Deploy;

/// <summary>What the files for deploying say.</summary>
internal static partial class DeployFiles
{
    public static string Dockerfile { get; } = Read("Dockerfile");

    public static string Fly { get; } = Read("fly.toml");

    public static string Compose { get; } = Read("compose.yaml");

    public static string DockerIgnore { get; } = Read(".dockerignore");

    /// <summary>The instructions of the last stage, one a line.</summary>
    public static IReadOnlyList<string> LastStage { get; } =
        [.. Continued().Replace(Dockerfile, " ").Split('\n').Where(line => !line.StartsWith('#')).Reverse().TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal)).Reverse()];

    public static IReadOnlyDictionary<string, string> Environment { get; } =
        LastStage.Single(line => line.StartsWith("ENV ", StringComparison.Ordinal))[4..].Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    public static string Port => Environment["ASPNETCORE_HTTP_PORTS"];

    /// <summary>Where the image is asked for its health.</summary>
    public static string HealthPort => Environment["Health__Port"];

    /// <summary>The value of a key anywhere in fly.toml.</summary>
    public static string FlyValue(string key) =>
        Regex.Match(Fly, $@"^\s*{Regex.Escape(key)} = ""?([^""\n]*)""?$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : throw new KeyNotFoundException(key);

    private static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, name));

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();
}
