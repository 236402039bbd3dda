using System.Diagnostics;

namespace PatientResponse.Tests.Deploy;

/// <summary>The published folder, made once for all tests that run it: read-only for the user who does.</summary>
public sealed class Published : IAsyncLifetime
{
    /// <summary>Nobody, where these tests run as root; it has no folder of its own.</summary>
    private const string NobodysId = "65534";

    public string Folder { get; } = Directory.CreateTempSubdirectory("patient-response-").FullName;

    public string App { get; private init; }

    public Published() => App = Path.Combine(Folder, "app");

    /// <summary>One that was published before.</summary>
    internal static async Task<Published> AlreadyAsync(string folder)
    {
        var published = new Published { App = Path.GetFullPath(folder) };
        await RunAsync("chmod", "755", published.Folder);
        return published;
    }

    public async ValueTask InitializeAsync()
    {
        // As in Dockerfile, whose restore the build of the tests has done.
        await RunAsync("dotnet", "publish", Path.Combine(Repository.Root, "PatientResponse.csproj"), "--no-restore", "-c", "Release", "-r", "linux-x64", "--self-contained", "false",
            "-o", App, "-p:RunAnalyzers=false", "--nologo", "-v", "quiet");
        await RunAsync("chmod", "-R", "a-w,a+rX", App);
        await RunAsync("chmod", "755", Folder);
    }

    /// <summary>A folder that the user who runs the app may write to, unlike all others.</summary>
    public async Task<string> WritableAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName;
        if (IsRoot)
            await RunAsync("chown", $"{NobodysId}:{NobodysId}", folder);
        return folder;
    }

    /// <summary>Runs it as somebody without rights.</summary>
    public Process Start(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        string[] command = [.. IsRoot ? ["setpriv", $"--reuid={NobodysId}", $"--regid={NobodysId}", "--clear-groups"] : Array.Empty<string>(), "dotnet", "PatientResponse.dll", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = App, RedirectStandardOutput = true, RedirectStandardError = true };
        // Several at once have one machine here, and not each its own container.
        foreach (var (name, value) in DeployFiles.Environment.Where(variable => variable.Key != "Health__Port").Concat(settings))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("chmod", "-R", "u+w", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
