using System.Text;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>All that a database holds: every value of every table.</summary>
public sealed record StoredBytes(IReadOnlyList<byte[]> Parts)
{
    public static async Task<StoredBytes> OfAsync(IDatabase database)
    {
        var parts = new List<byte[]>();
        foreach (var table in await database.QueryAsync<string>("select tablename::text from pg_tables where schemaname = 'public'", null, CancellationToken.None))
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

    public bool Holds(string text) => Holds(Encoding.UTF8.GetBytes(text));

    public bool Holds(byte[] bytes) => Parts.Any(part => part.AsSpan().IndexOf(bytes) >= 0);
}
