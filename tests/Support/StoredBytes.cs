using System.Text;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>All bytes that a database holds: on SQLite its files, on PostgreSQL every value of every table.</summary>
public sealed record StoredBytes(IReadOnlyList<byte[]> Parts)
{
    private static readonly string[] Tables =
        ["root_key", "stream_keys", "events", "conversations", "links", "documents", "messages", "counters", "audit", "patients"];

    public static async Task<StoredBytes> OfAsync(IDatabase database) => database is SqliteDatabase
        ? OfFiles(await FileOfAsync(database))
        : await OfTablesAsync(database);

    /// <summary>The database file of the embedded engine.</summary>
    public static Task<string> FileOfAsync(IDatabase sqlite) => sqlite.ScalarAsync<string>("select file from pragma_database_list where name = 'main'");

    public bool Holds(string text) => Holds(Encoding.UTF8.GetBytes(text));

    public bool Holds(byte[] bytes) => Parts.Any(part => part.AsSpan().IndexOf(bytes) >= 0);

    private static StoredBytes OfFiles(string file) => new(
        [.. new[] { file, file + "-wal", file + "-shm" }.Where(File.Exists).Select(ReadShared)]);

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static async Task<StoredBytes> OfTablesAsync(IDatabase database)
    {
        var parts = new List<byte[]>();
        foreach (var table in Tables)
        {
            // As JSON, byte columns are hexadecimal: they are read as bytes besides.
            parts.AddRange((await database.QueryAsync<string>($"select row_to_json(t)::text from {table} t", null, CancellationToken.None)).Select(Encoding.UTF8.GetBytes));
            foreach (var column in await database.QueryAsync<string>(
                "select column_name::text from information_schema.columns where table_schema = 'public' and table_name = @table and data_type = 'bytea'",
                new { table }, CancellationToken.None))
                parts.AddRange(await database.QueryAsync<byte[]>($"select {column} from {table}", null, CancellationToken.None));
        }
        return new(parts);
    }
}
