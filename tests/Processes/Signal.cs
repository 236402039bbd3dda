using System.Diagnostics;

namespace PatientResponse.Tests.Processes;

internal static class Signal
{
    /// <param name="name">Such as TERM, which container engines and systemd send, STOP and CONT.</param>
    public static async Task SendAsync(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
