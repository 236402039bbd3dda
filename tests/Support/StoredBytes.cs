using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>All that a database holds: every value of every table in every schema, and what is written in it as base64, as hexadecimal or
/// as JSON. Not what tests put aside (<see cref="DatabaseTemplate"/>, <see cref="BackedUpInstallation"/>).</summary>
public sealed record StoredBytes(IReadOnlyList<byte[]> Parts)
{
    public static async Task<StoredBytes> OfAsync(IDatabase database)
    {
        var parts = new List<byte[]>();
        foreach (var table in await database.QueryAsync<string>(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'seeded', 'backup')
            """, null, CancellationToken.None))
            foreach (var row in await database.QueryAsync<string>($"select row_to_json(t)::text from {table} t", null, CancellationToken.None))
                AddJson(parts, row);
        return new(parts);
    }

    public bool Holds(string text) => Holds(Encoding.UTF8.GetBytes(text));

    public bool Holds(byte[] bytes) => Parts.Any(part => part.AsSpan().IndexOf(bytes) >= 0);

    private static void AddJson(List<byte[]> parts, string json)
    {
        parts.Add(Encoding.UTF8.GetBytes(json));
        using var document = JsonDocument.Parse(json);
        Add(parts, document.RootElement);
    }

    private static void Add(List<byte[]> parts, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var property in element.EnumerateObject())
                Add(parts, property.Value);
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray())
                Add(parts, item);
        else if (element.ValueKind == JsonValueKind.String)
            Add(parts, element.GetString()!);
    }

    private static void Add(List<byte[]> parts, string text)
    {
        parts.Add(Encoding.UTF8.GetBytes(text));
        // Bytes in a column of their own are hexadecimal, those in a document base64.
        if (text.StartsWith("\\x", StringComparison.Ordinal) && text.Length % 2 == 0)
            parts.Add(Convert.FromHexString(text.AsSpan(2)));
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length))
            parts.Add(bytes[..length]);
        if (text is ['{' or '[', ..])
            AddJson(parts, text);
    }
}
