using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>A database and a folder that one app after another serves, and a backup of them.</summary>
public sealed class BackedUpInstallation : IAsyncDisposable
{
    /// <summary>What others refer to comes first.</summary>
    private static readonly string[] Tables =
        ["root_key", "mt_doc_stream_key", "mt_streams", "mt_events", "mt_doc_conversation_row", "mt_doc_link", "mt_doc_sealed", QueuedWork.Waiting, "delayed_messages", QueuedWork.Parked, "counters", "patients", "patient_lists",
        "audit", "record_heads", "record_blocks"];

    private readonly TestDatabase _stored;
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private readonly string _backup = Directory.CreateTempSubdirectory("patient-response-backup-").FullName;

    private BackedUpInstallation(TestDatabase stored) => _stored = stored;

    public string Data => Path.Combine(_folder, "data");

    /// <summary>The connection string.</summary>
    public string Postgres => _stored.ConnectionString;

    public static async Task<BackedUpInstallation> StartAsync() => new(await TestDatabase.StartAsync());

    /// <summary>The next process of this installation; the one before must have ended.</summary>
    public TestApp App(params (string Key, string Value)[] settings)
    {
        var app = new TestApp(new Installation(Data, Postgres));
        foreach (var (key, value) in settings)
            app.Settings[key] = value;
        return app;
    }

    /// <summary>The database, while no app has it.</summary>
    public Task<T> WithDatabaseAsync<T>(Func<IDatabase, Task<T>> work) => work(_stored.Database);

    /// <summary>Copies database and files, while no app has them.</summary>
    public async Task BackUpAsync()
    {
        Copy(Data, _backup);
        await _stored.Database.ExecuteAsync("create schema backup");
        foreach (var table in Tables)
            await _stored.Database.ExecuteAsync($"create table backup.{table} as select * from {table}");
    }

    /// <summary>Brings the database and the files of conversations back; what was written to the file store since stays, markers and checkpoints
    /// too.</summary>
    public async Task RestoreAsync()
    {
        Copy(_backup, Data);
        foreach (var table in Tables.Reverse())
            await _stored.Database.ExecuteAsync($"delete from {table}");
        foreach (var table in Tables)
            await _stored.Database.ExecuteAsync($"insert into {table} overriding system value select * from backup.{table}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stored.Database.ExecuteAsync("drop schema if exists backup cascade");
        await _stored.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_backup, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
