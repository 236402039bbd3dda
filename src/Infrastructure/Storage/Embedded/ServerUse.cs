using System.Diagnostics;
using System.Globalization;

namespace PatientResponse.Infrastructure.Storage.Embedded;

/// <summary>
/// That this process uses a server which others may use too. A watcher, a small shell, sees this process end, however it does, and
/// stops the server if nobody else uses it. It is known by a file with its id in <c>users</c>.
/// </summary>
internal sealed class ServerUse : IDisposable
{
    private const string Watch = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        cat
        cd "$1" || exit
        shift
        : >"leaving.$$"
        rm -f "users/$$"
        for user in users/*; do
          if kill -0 "${user#users/}"; then in_use=yes; else rm -f "$user"; fi
        done
        [ "$in_use" ] || "$@" stop -m fast -w -D cluster
        rm -f "leaving.$$"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private Process? _watcher;

    private ServerUse(Process? watcher) => _watcher = watcher;

    /// <summary>From now on no watcher stops the server any more. One that was about to has done so when this returns.</summary>
    /// <param name="home">The folder of <c>cluster</c>.</param>
    /// <param name="pgCtl">The command that stops the server, without its arguments.</param>
    public static async Task<ServerUse> BeginAsync(string home, string[] pgCtl)
    {
        // Without a shell nobody stops the server: whoever comes next uses it again.
        if (OperatingSystem.IsWindows())
            return new(null);
        var watcher = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Watch, "watch", home, .. pgCtl]) { RedirectStandardInput = true })!;
        var users = Directory.CreateDirectory(Path.Combine(home, "users")).FullName;
        await File.WriteAllTextAsync(Path.Combine(users, watcher.Id.ToString(CultureInfo.InvariantCulture)), "");
        // First its own mark, then a look at the others' on either side: so one of the two sees the other.
        foreach (var leaving in Directory.GetFiles(home, "leaving.*"))
        {
            while (File.Exists(leaving) && Programs.Lives(int.Parse(Path.GetExtension(leaving)[1..], CultureInfo.InvariantCulture)))
                await Task.Delay(50);
            File.Delete(leaving);
        }
        return new(watcher);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _watcher, null) is not { } watcher)
            return;
        watcher.StandardInput.Close();
        watcher.WaitForExit(Patience);
        watcher.Dispose();
    }
}
