using System.ComponentModel;
using System.Diagnostics;

namespace PatientResponse.Infrastructure.Storage.Embedded;

/// <summary>Runs other programs and keeps what they say to itself: an operator's command answers on the same console.</summary>
internal static class Programs
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <returns>Null when it ended well, otherwise what it complained of.</returns>
    public static async Task<string?> FailureAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var (_, said) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            if (process.ExitCode == 0)
                return null;
            // Not for ever: what it started may have inherited the pipe.
            await Task.WhenAny(said, Task.Delay(LastWords));
            return said.IsCompletedSuccessfully ? said.Result.Trim() : "";
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }

    /// <summary>Whether a process with this id lives.</summary>
    public static bool Lives(int id) => NameOf(id) is not null;

    /// <summary>The name of the program of a process that lives.</summary>
    public static string? NameOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
