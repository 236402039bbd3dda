using System.Runtime.CompilerServices;

namespace PatientResponse.Tests;

/// <summary>The folder that the project was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
