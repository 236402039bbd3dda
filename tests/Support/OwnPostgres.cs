using System.Diagnostics;

namespace PatientResponse.Tests.Support;

/// <summary>An older PostgreSQL server of the test's own, which it may stop and start.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;

    private OwnPostgres()
    {
        // It runs as somebody else where the tests run as root.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
    }

    public string ConnectionString { get; private set; } = "";

    /// <summary>Skips the test where there is no PostgreSQL, as for a database of its own.</summary>
    public static async Task<OwnPostgres> StartAsync()
    {
        TestPostgres.RequireOlderServer();
        var server = new OwnPostgres();
        server.ConnectionString = await server.RunAsync("start");
        return server;
    }

    /// <summary>Ends it as a crash would.</summary>
    public Task DownAsync() => RunAsync("down");

    public Task UpAsync() => RunAsync("up");

    public async ValueTask DisposeAsync() => await RunAsync("stop");

    private async Task<string> RunAsync(string action)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tests/counterparts/postgres.sh"), [action, _folder]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"postgres.sh {action} ended with {process.ExitCode}.");
        return line ?? "";
    }
}
