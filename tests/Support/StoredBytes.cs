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
                parts.AddRange(await database.QueryAsync<byte[]>($"select {column} from {table} where {column} is not null", null, CancellationToken.None));
            // In documents, bytes are base64.
            if (table.StartsWith("mt_doc_", StringComparison.Ordinal))
                foreach (var text in await database.QueryAsync<string>($"select jsonb_path_query(data, 'strict $.**') #>> '{{}}' from {table}", null, CancellationToken.None))
                    if (Bytes(text) is { } bytes)
                        parts.Add(bytes);
        }
        return new(parts);
    }

    public bool Holds(string text) => Holds(Encoding.UTF8.GetBytes(text));

    private static byte[]? Bytes(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return Convert.TryFromBase64String(base64 ?? "", bytes, out var length) ? bytes[..length] : null;
    }

    public bool Holds(byte[] bytes) => Parts.Any(part => part.AsSpan().IndexOf(bytes) >= 0);
}
