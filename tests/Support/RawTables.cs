using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>The tables as somebody with the database alone, or a disk that rots, sees and changes them.</summary>
public static class RawTables
{
    public static async Task<T> ScalarAsync<T>(this IDatabase database, string sql, object? parameters = null) =>
        (await database.QueryAsync<T>(sql, parameters, CancellationToken.None)).Single();

    public static Task<long> CountAsync(this IDatabase database, string from, object? parameters = null) =>
        database.ScalarAsync<long>($"select count(*) from {from}", parameters);

    public static Task ExecuteAsync(this IDatabase database, string sql, params (string Name, object? Value)[] values) =>
        database.SaveAsync([new Statement(sql, values.ToDictionary(v => v.Name, v => v.Value))], CancellationToken.None);

    /// <summary>Rows in all tables that a command can write to: equal before and after something that changed nothing.</summary>
    public static async Task<string> FootprintAsync(this IDatabase database)
    {
        var counts = new List<string>();
        foreach (var table in new[] { "stream_keys", "events", "conversations", "links", "documents", "messages", "audit", "patients" })
            counts.Add($"{table} {await database.CountAsync(table)}");
        return string.Join(", ", counts);
    }
}
