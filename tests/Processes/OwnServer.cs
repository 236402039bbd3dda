using System.Diagnostics;
using System.Globalization;

namespace PatientResponse.Tests.Processes;

/// <summary>The database server that the product has started in its data folder, seen from outside.</summary>
internal sealed class OwnServer
{
    private readonly string _home;

    private OwnServer(string home)
    {
        _home = home;
        Id = HasPidFile ? int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture) : 0;
    }

    public int Id { get; }

    /// <summary>Whether the process that it was, when it was looked at, lives.</summary>
    public bool Runs => Id != 0 && IsAlive(Id);

    public bool HasPidFile => File.Exists(PidFile);

    public string Log => File.ReadAllText(Path.Combine(_home, "server.log"));

    /// <summary>How many processes use it.</summary>
    public int Users => Directory.GetFiles(Path.Combine(_home, "users")).Length;

    private string PidFile => Path.Combine(_home, "cluster", "postmaster.pid");

    public static OwnServer Of(string data) => new(Path.Combine(data, "postgres"));

    public static OwnServer In(string home) => new(home);

    /// <summary>kill -9 for those who would stop it when the app ends.</summary>
    public async Task KillWatchersAsync()
    {
        foreach (var user in Directory.GetFiles(Path.Combine(_home, "users")).Select(Path.GetFileName))
            await KillAsync(int.Parse(user!, CultureInfo.InvariantCulture));
    }

    public Task KillAsync() => KillAsync(Id);

    private static async Task KillAsync(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
        await ServedApp.UntilAsync(() => !IsAlive(id), "it is gone");
    }

    private static bool IsAlive(int id)
    {
        // Nobody may have waited for it yet: then it is dead all the same.
        var stat = $"/proc/{id}/stat";
        try
        {
            return OperatingSystem.IsLinux() ? File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal) : Process.GetProcesses().Any(process => process.Id == id);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
