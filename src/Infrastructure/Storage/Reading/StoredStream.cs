using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using JasperFx.Events;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A stream as Marten keeps it, with its key: all in one question.</summary>
internal sealed class StoredStream(IReadOnlyList<StoredStream.Row> rows)
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, Type>> Known = new();

    /// <summary>In Marten's order. Without its key a stream is not there any more.</summary>
    public static string Sql(string which) =>
        $"""
        select k.id, k.data ->> 'Wrapped', coalesce(s.version, 0), e.type, e.mt_dotnet_type, e.bdata
        from mt_doc_stream_key k left join mt_streams s on s.id = k.id left join mt_events e on e.stream_id = k.id and not e.is_archived
        where k.id {which} order by e.seq_id
        """;

    /// <summary>Empty where there is no such stream.</summary>
    public Guid Id => rows is [{ Stream: var id }, ..] ? id : Guid.Empty;

    public static Row Read(DbDataReader reader) => new(
        reader.GetGuid(0), Base64.Text(reader, 1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? [] : reader.GetFieldValue<byte[]>(5));

    /// <summary>Null: there is no such stream, or it was erased.</summary>
    public (Guid Id, byte[] Key, T Aggregate, List<StoredEvent> History)? Open<T>(Keyring keyring) where T : class, IAggregate, new()
    {
        if (rows is not [{ Type: not null } first, ..])
            return null;
        var key = keyring.Unwrap(Base64.Bytes(first.Wrapped), first.Stream.ToString("N"));
        var (aggregate, history) = (new T(), new List<StoredEvent>());
        foreach (var row in rows)
        {
            // Events come in order: one that is missing, moved or of another stream does not open.
            var stored = SealedEvent.Open(key, row.Data, new(first.Stream, history.Count + 1, TypeOf(typeof(T), row)));
            history.Add(stored);
            Aggregates.Apply(aggregate, stored.Data);
        }
        return history.Count == first.Version ? (first.Stream, key, aggregate, history) : throw new CryptographicException("The last events are missing.");
    }

    /// <summary>By the name of its class, as Marten does, or else by Marten's own name for it: classes move.</summary>
    private static Type TypeOf(Type aggregate, Row row)
    {
        var known = Known.GetOrAdd(aggregate, NamesOf);
        return known.TryGetValue(row.Class?.Split(',')[0] ?? "", out var type) || known.TryGetValue(row.Type ?? "", out type)
            ? type : throw new CryptographicException("An event is not what was stored.");
    }

    private static Dictionary<string, Type> NamesOf(Type aggregate) => new(
        Aggregates.EventTypes(aggregate).SelectMany(type => new[] { KeyValuePair.Create(type.FullName!, type), KeyValuePair.Create(type.GetEventTypeName(), type) }));

    /// <param name="Version">How many events the stream has.</param>
    /// <param name="Type">Null where there is no event.</param>
    internal sealed record Row(Guid Stream, string Wrapped, long Version, string? Type, string? Class, byte[] Data);
}
