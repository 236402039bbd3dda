using System.Diagnostics;
using PatientResponse.Infrastructure.Storage.Embedded;

namespace PatientResponse.Tests.Processes;

/// <summary>A folder that everybody may look into, gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => OpenToAll(Path);

    public string Path { get; } = Directory.CreateTempSubdirectory("patient-response-").FullName;

    /// <summary>The product, as <see cref="CopyProductAsync"/> has copied it.</summary>
    public string Product => System.IO.Path.Combine(Path, "app", "PatientResponse.dll");

    /// <summary>Where the database of the data folder in here is, if it cannot be there.</summary>
    public string Elsewhere => File.ReadAllText(System.IO.Path.Combine(Path, "data", "postgres", "elsewhere"));

    /// <summary>Puts the product and its database server where other users can read them.</summary>
    public async Task CopyProductAsync()
    {
        var built = System.IO.Path.Combine(Repository.Root, "bin", System.IO.Path.GetRelativePath(System.IO.Path.Combine(Repository.Root, "tests", "bin"), AppContext.BaseDirectory));
        var package = new FileInfo(PostgresPrograms.Find(Repository.Root).Postgres).Directory!.Parent!.Parent!;
        var target = Directory.CreateDirectory(System.IO.Path.Combine(Path, "node_modules", package.Parent!.Name)).FullName;
        foreach (var (from, to) in new[] { (built, System.IO.Path.Combine(Path, "app")), (package.FullName, System.IO.Path.Combine(target, package.Name)) })
        {
            using var copy = Process.Start("cp", ["-R", from.TrimEnd('/'), to]);
            await copy.WaitForExitAsync();
            Assert.Equal(0, copy.ExitCode);
        }
        using var chmod = Process.Start("chmod", ["-R", "a+rX", Path]);
        await chmod.WaitForExitAsync();
    }

    /// <summary>Puts a program of this name here that always fails.</summary>
    public void Forbid(string program)
    {
        var file = System.IO.Path.Combine(Path, program);
        File.WriteAllText(file, "#!/bin/sh\necho \"$0: Operation not permitted\" >&2\nexit 1\n");
        OpenToAll(file);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void OpenToAll(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }
}
