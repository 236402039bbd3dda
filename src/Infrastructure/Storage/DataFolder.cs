namespace PatientResponse.Infrastructure.Storage;

/// <summary>Where files and, in Development, database and master key live; created on first use, readable by its owner only.</summary>
public sealed class DataFolder
{
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);
}
