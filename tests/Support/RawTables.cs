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

    /// <summary>After a conflict Marten notes by itself, in a stream of its own, which numbers of events were not used.</summary>
    public const string Events = "mt_events where type <> 'tombstone'";

    /// <summary>Rows in all tables that a command can write to: equal before and after something that changed nothing.</summary>
    public static async Task<string> FootprintAsync(this IDatabase database)
    {
        var counts = new List<string>();
        foreach (var (name, table) in new[]
        {
            ("stream keys", "mt_doc_stream_key"), ("streams", $"mt_streams where id in (select stream_id from {Events})"), ("events", Events), ("conversations", "mt_doc_conversation_row"), ("links", "mt_doc_link"),
            ("documents", "mt_doc_sealed"), ("messages", QueuedWork.Waiting), ("audit", "audit"), ("patients", "patients"),
        })
            counts.Add($"{name} {await database.CountAsync(table)}");
        return string.Join(", ", counts);
    }
}
