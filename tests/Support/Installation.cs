namespace PatientResponse.Tests.Support;

/// <summary>A data folder and a database for one app.</summary>
/// <param name="Folder">With the master key.</param>
/// <param name="Postgres">The connection string.</param>
internal sealed record Installation(string Folder, string Postgres)
{
    private static readonly string SeededFolder = Directory.CreateDirectory(Path.Combine(TestPostgres.Folder, "seeded")).FullName;

    private static readonly DatabaseTemplate Seeded = new(database => Task.Run(async () =>
    {
        await using var app = new TestApp(new Installation(SeededFolder, database));
        app.StartServer();
    }).GetAwaiter().GetResult());

    private bool _isLent;

    /// <summary>Nothing in it yet.</summary>
    public static Installation Empty() => new(NewFolder(), TestPostgres.CreateDatabase());

    /// <summary>As one that was started once and stopped. A copy: importing patients and hashing passwords would take each test longer than what it tests.</summary>
    public static Installation Demo()
    {
        var copy = new Installation(NewFolder(), Seeded.Lend()) { _isLent = true };
        foreach (var file in Directory.GetFiles(SeededFolder))
            File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>After the last process that uses it has ended.</summary>
    public void Delete()
    {
        if (_isLent)
            Seeded.GiveBack(Postgres);
        else
            TestPostgres.DropDatabase(Postgres);
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private static string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Directory.CreateTempSubdirectory("patient-response-").FullName, "data")).FullName;
}
