namespace PatientResponse.Infrastructure.Storage;

/// <summary>Where the embedded database and files live; created on first use, readable by its owner only.</summary>
public sealed class DataFolder : IDisposable
{
    private FileStream? _lock;

    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>One serving process a folder; the operator's commands may run beside it. False when another has it.</summary>
    public bool TryServe()
    {
        try
        {
            _lock = new FileStream(PathOf("serving.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _lock?.Dispose();
}
