using System.Runtime.InteropServices;
using System.Text.Json;

namespace PatientResponse.Infrastructure.Storage.Embedded;

/// <summary>PostgreSQL's own programs, from the npm package for this kind of machine.</summary>
public sealed class PostgresPrograms
{
    private static readonly string Package = "@embedded-postgres/"
        + (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "-arm64" : "-x64");

    private readonly string _native;

    private PostgresPrograms(string native) => _native = native;

    public string InitDb => PathOf("initdb");

    public string PgCtl => PathOf("pg_ctl");

    public string Postgres => PathOf("postgres");

    /// <summary>Looks for <c>node_modules</c> in these folders and all above them.</summary>
    /// <exception cref="EmbeddedPostgresException">It is in none of them.</exception>
    public static PostgresPrograms Find(params string[] folders)
    {
        foreach (var folder in folders)
            for (var place = new DirectoryInfo(folder); place is not null; place = place.Parent)
            {
                var programs = new PostgresPrograms(Path.Combine(place.FullName, "node_modules", Package, "native"));
                if (File.Exists(programs.Postgres))
                    return programs.WithLibraries();
            }
        throw new EmbeddedPostgresException($"""
            There is no database: node_modules has no {Package}, which Development starts PostgreSQL from.
            Run npm ci in the project's folder, or set ConnectionStrings:Postgres to a server of your own.
            """);
    }

    private string PathOf(string program) => Path.Combine(_native, "bin", OperatingSystem.IsWindows() ? program + ".exe" : program);

    /// <summary>npm packages hold no links. The package's own script makes them, but npm was told to run no scripts.</summary>
    private PostgresPrograms WithLibraries()
    {
        var list = Path.Combine(_native, "pg-symlinks.json");
        if (OperatingSystem.IsWindows() || !File.Exists(list))
            return this;
        using var links = JsonDocument.Parse(File.ReadAllText(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var place = new FileInfo(Path.Combine(_native, "..", link.GetProperty("target").GetString()!));
            try
            {
                if (place.LinkTarget is null && !place.Exists)
                    place.CreateAsSymbolicLink(Path.GetFileName(link.GetProperty("source").GetString()!));
            }
            catch (IOException) when (new FileInfo(place.FullName).LinkTarget is not null)
            {
                // Another process has just made it.
            }
        }
        return this;
    }
}
