using Dapper;
using Npgsql;
using Wolverine.Runtime.Serialization;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>How everything that is on record stands in its own tables now.</summary>
internal static class CurrentHeads
{
    private static readonly string[] Passing = [.. typeof(Program).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IShortLived))).Select(type => type.Name)];

    public static async Task<List<Head>> ReadAsync(NpgsqlConnection connection)
    {
        var heads = new List<Head>();
        await foreach (var row in connection.QueryUnbufferedAsync<StreamRow>(
            """
            select s.id, s.version, coalesce(e.bdata, '') as Last from mt_streams s join mt_doc_stream_key k on k.id = s.id
            left join mt_events e on e.stream_id = s.id and e.version = s.version
            """))
            heads.Add(Head.OfStream(row.Id, row.Version, row.Last));
        await foreach (var row in connection.QueryUnbufferedAsync<DocumentRow>(
            "select id, type, stream, data ->> 'Version' as Version, data ->> 'Data' as Data from mt_doc_sealed where type <> all(@Passing)", new { Passing }))
            heads.Add(new(HeadOf.Document, row.Id, long.TryParse(row.Version, out var version) ? version : -1, TagOf(row.Data), row.Stream));
        await foreach (var row in connection.QueryUnbufferedAsync<MessageRow>(
            $"select id, body from {MessageStore.Inbox} where status <> 'Handled' union all select id, body from {MessageStore.DeadLetters}"))
            heads.Add(Head.OfMessage(row.Id, ContentOf(row.Body)));
        await foreach (var row in connection.QueryUnbufferedAsync<ListRow>(
            $"select l.practice, l.shown, ({HashOfList("l.practice", "l.shown")}) as Hash from patient_lists l where l.shown > 0", commandTimeout: 0))
            heads.Add(new(HeadOf.Patients, row.Practice, row.Shown, row.Hash ?? ""));
        return heads;
    }

    /// <summary>A query for the hash of what a practice's list of patients says, null where there is nobody on it.</summary>
    public static string HashOfList(string practice, string number) =>
        $"""
        select encode(sha256(convert_to(string_agg(concat_ws('|', p.id, p.name, p.born, p.digest, coalesce(p.missing_since, 0), md5(p.data)), chr(10) order by p.id), 'UTF8')), 'hex')
        from patients p where p.practice = {practice} and {number} between p.from_list and p.to_list - 1
        """;

    private static string TagOf(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) ? Head.TagOf(bytes[..length]) : "";
    }

    private static byte[] ContentOf(byte[] body)
    {
        try
        {
            return EnvelopeSerializer.Deserialize(body).Data ?? [];
        }
        catch (Exception)
        {
            return []; // Damaged, which is said elsewhere.
        }
    }

    private sealed class StreamRow
    {
        public Guid Id { get; init; }
        public long Version { get; init; }
        public byte[] Last { get; init; } = [];
    }

    private sealed class DocumentRow
    {
        public string Id { get; init; } = "";
        public string Type { get; init; } = "";
        public Guid? Stream { get; init; }
        public string? Version { get; init; }
        public string? Data { get; init; }
    }

    private sealed class ListRow
    {
        public string Practice { get; init; } = "";
        public long Shown { get; init; }
        public string? Hash { get; init; }
    }

    private sealed class MessageRow
    {
        public Guid Id { get; init; }
        public byte[] Body { get; init; } = [];
    }
}
