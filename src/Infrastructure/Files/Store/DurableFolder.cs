using System.Runtime.InteropServices;
using System.Text;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>fsync of a folder, so that a rename in it survives a power cut. .NET has no call for it; Windows needs none.</summary>
internal static class DurableFolder
{
    private const int NoSuchFolder = 2;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(Encoding.UTF8.GetBytes(folder + '\0'), 0);
        // A folder that is gone has nothing to keep.
        if (handle < 0 && Marshal.GetLastPInvokeError() == NoSuchFolder) return;
        if (handle < 0) throw new IOException($"A folder could not be opened (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Fsync(handle) != 0) throw new IOException($"A folder could not be written to disk (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
