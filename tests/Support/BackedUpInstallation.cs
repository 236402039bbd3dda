using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>A database and a folder that one app after another serves, and a backup of them.</summary>
public sealed class BackedUpInstallation : IAsyncDisposable
{
    private static readonly string[] Tables = ["root_key", "stream_keys", "events", "conversations", "links", "documents", "messages", "counters", "patients", "patient_lists"];
    private readonly Engine? _postgres;
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private readonly string _backup = Directory.CreateTempSubdirectory("patient-response-backup-").FullName;

    private BackedUpInstallation(Engine? postgres) => _postgres = postgres;

    public string Data => Path.Combine(_folder, "data");

    /// <summary>The connection string; null on SQLite.</summary>
    public string? Postgres => _postgres?.PostgresConnection;

    public static async Task<BackedUpInstallation> StartAsync(string engine) => new(engine == Engines.Postgres ? await Engines.StartAsync(engine) : null);

    /// <summary>The next process of this installation; the one before must have ended.</summary>
    public TestApp App(params (string Key, string Value)[] settings)
    {
        var app = new TestApp(new Installation(Data, _postgres?.PostgresConnection));
        foreach (var (key, value) in settings)
            app.Settings[key] = value;
        return app;
    }

    /// <summary>The database, while no app has it.</summary>
    public async Task<T> WithDatabaseAsync<T>(Func<IDatabase, Task<T>> work)
    {
        if (_postgres is not null)
            return await work(_postgres.Database);
        Directory.CreateDirectory(Data);
        using var database = new SqliteDatabase(Path.Combine(Data, "patient-response.db"));
        await database.ApplySchemaAsync(CancellationToken.None);
        return await work(database);
    }

    /// <summary>Copies database and files, while no app has them.</summary>
    public async Task BackUpAsync()
    {
        Installation.WaitUntilClosed(Data);
        Copy(Data, _backup, _ => true);
        foreach (var table in _postgres is null ? [] : Tables)
            await _postgres!.Database.ExecuteAsync($"create table backup_{table} as select * from {table}");
    }

    /// <summary>Brings the database and the files of conversations back; what was written to the file store since stays.</summary>
    public async Task RestoreAsync()
    {
        Installation.WaitUntilClosed(Data);
        foreach (var journal in Directory.GetFiles(Data, "patient-response.db-*"))
            File.Delete(journal);
        Copy(_backup, Data, file => _postgres is null || !file.Contains(".db", StringComparison.Ordinal));
        foreach (var table in _postgres is null ? [] : Tables.Reverse())
            await _postgres!.Database.ExecuteAsync($"delete from {table}");
        foreach (var table in _postgres is null ? [] : Tables)
            await _postgres!.Database.ExecuteAsync($"insert into {table} select * from backup_{table}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_backup, recursive: true);
    }

    private static void Copy(string from, string to, Func<string, bool> which)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && which(file)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
