using System.Diagnostics;

namespace PatientResponse.Tests.Processes;

internal static class Signal
{
    /// <summary>SIGTERM, as container engines and systemd send it.</summary>
    public static void Terminate(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
