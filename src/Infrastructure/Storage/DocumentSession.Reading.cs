using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Marten.Schema;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Everything that is read, many things at once or one.</summary>
public sealed partial class DocumentSession
{
    private readonly Dictionary<Guid, Answer<StoredStream>> _aheadStreams = [];
    private readonly Dictionary<Type, object> _aheadDocuments = [];

    public IReading Read() => new Reading(this, database);

    /// <summary>What was read before it was asked for counts once, and for nothing after a save.</summary>
    private void ForgetAhead()
    {
        _aheadStreams.Clear();
        _aheadDocuments.Clear();
    }

    private T? Ahead<T>(string id) where T : class, IDocument =>
        _aheadDocuments.Remove(typeof(T), out var read) && ((Answer<T?>)read).Value is { } document && document.Id == id ? document : null;

    private async Task<T> AskAsync<T>(Func<Reading, Answer<T>> ask, CancellationToken cancellation)
    {
        var reading = new Reading(this, database);
        var answer = ask(reading);
        await reading.AskAsync(cancellation);
        return answer.Value;
    }

    private T Opened<T>(StoredDocument row, Func<SealedDocument, bool> isMeant)
    {
        try
        {
            var stored = row.Read();
            if (stored.Type != typeof(T).Name || !isMeant(stored))
                throw new CryptographicException("A document was moved.");
            var json = stored.Open(stored.Stream is { } stream ? KeyOf(stream, row.Key) : _documentKey);
            if (row.WasPutBack)
                throw new CryptographicException("An earlier version was put back.");
            if (NeverGoesBack<T>())
                known.Note(stored.Id, stored.Version);
            _versions[stored.Id] = stored.Version;
            return JsonSerializer.Deserialize<T>(json)!;
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            throw new DamagedException("document/" + row.Id, e);
        }
    }

    /// <summary>Null for a short-lived one that is damaged: nobody can use it any more, and whoever stores one puts it in its place.</summary>
    private T? OpenedUnlessLost<T>(StoredDocument row, Func<SealedDocument, bool> isMeant) where T : class
    {
        try
        {
            return Opened<T>(row, isMeant);
        }
        catch (DamagedException) when (typeof(T).IsAssignableTo(typeof(IShortLived)))
        {
            _lost.Add(row.Id);
            return null;
        }
    }

    private static bool NeverGoesBack<T>() => typeof(T).IsAssignableTo(typeof(INeverGoesBack));

    private bool IsFromBefore(StoredDocument row)
    {
        try
        {
            return row.Read() is { } stored && known.IsFromBefore(stored.Id, stored.Version);
        }
        catch (CryptographicException)
        {
            return false; // Damaged, which is said elsewhere.
        }
    }

    /// <summary>Null where it is damaged.</summary>
    private T? Readable<T>(StoredDocument row) where T : class
    {
        try
        {
            return Opened<T>(row, _ => true);
        }
        catch (DamagedException)
        {
            return null;
        }
    }

    private T Opened<TRow, T>(StoredRow row) where TRow : class, ISealedRow where T : class
    {
        var data = Base64.Bytes(row.Data);
        var opened = JsonSerializer.Deserialize<T>(Keyring.Open(KeyOf(row.Id, row.Key), data, RowContext(typeof(TRow), row.Id)))!;
        if (row.Seal == "")
            throw new UnsealedRowException();
        return RowSeal.IsRight(_rowKey, typeof(TRow).Name, row.Id, row.Clear, data, Base64.Bytes(row.Seal))
            ? opened : throw new CryptographicException("A row's columns are not what was stored.");
    }

    private EventStream<T>? Opened<T>(StoredStream stored) where T : class, IAggregate, new()
    {
        try
        {
            if (stored.Open<T>(keyring) is not var (id, key, aggregate, history))
                return null;
            _dataKeys[id] = key;
            return new(this, id, key, aggregate, history);
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            throw new DamagedException($"conversation/{stored.Id:N}", e);
        }
    }

    /// <summary>A stream's key, once opened, is kept for what the session will write.</summary>
    private byte[] KeyOf(Guid stream, StreamKeyRow? key)
    {
        if (!_dataKeys.TryGetValue(stream, out var known))
            _dataKeys[stream] = known = key?.Stream == stream ? keyring.Unwrap(Base64.Bytes(key.Wrapped), stream.ToString("N")) : throw new CryptographicException("Another stream's key.");
        return known;
    }

    private sealed record StreamKeyRow(Guid Stream, string Wrapped);

    private sealed record StoredDocument(string Id, string Json, StreamKeyRow? Key)
    {
        private SealedDocument? _read;

        /// <summary>When it was read, a newer version was known. Later there may be one by right.</summary>
        public bool WasPutBack { get; set; }

        public SealedDocument Read()
        {
            try
            {
                return _read ??= JsonSerializer.Deserialize<SealedDocument>(Json)!;
            }
            catch (JsonException e)
            {
                throw new CryptographicException("A document is not what was stored.", e);
            }
        }
    }

    private sealed class Reading(DocumentSession session, IDatabase database) : IReading, IAhead
    {
        private const string KeyColumns = "k.id, k.data ->> 'Wrapped'";
        private readonly List<Question> _questions = [];
        private readonly List<StoredDocument> _lasting = [];

        public Answer<IEventStream<T>?> FetchForWriting<T>(Sought stream) where T : class, IAggregate, new() => Ask<StoredStream.Row, IEventStream<T>?>(
            "stream", StoredStream.Sql($"= {stream.Sql}"), stream.Parameters, StoredStream.Read, rows => session.Opened<T>(new(rows)));

        public Answer<IReadOnlyList<IEventStream<T>>> FetchAll<T>(Sought streams) where T : class, IAggregate, new() => Ask<StoredStream.Row, IReadOnlyList<IEventStream<T>>>(
            "streams", StoredStream.Sql($"in {streams.Sql}"), streams.Parameters, StoredStream.Read,
            rows => [.. rows.GroupBy(row => row.Stream).Select(stream => session.Opened<T>(new([.. stream]))).OfType<IEventStream<T>>()]);

        public Answer<T?> Load<T>(Sought id) where T : class, IDocument => Documents<T, T?>(
            $"d.id = '{typeof(T).Name}/' || {id.Sql}", id.Parameters,
            found => !id.Parameters.TryGetValue("name", out var name) || found.Name.Equals(name), documents => documents.SingleOrDefault());

        public Answer<IReadOnlyList<T>> LoadAll<T>(Sought ids) where T : class, IDocument => Ask<StoredDocument, IReadOnlyList<T>>(
            "documents by id", DocumentsSql($"d.id in (select '{typeof(T).Name}/' || found.name from {ids.Sql} as found(name))"), ids.Parameters, DocumentAt,
            rows => [.. rows.Select(session.Readable<T>).OfType<T>()]);

        public Answer<T?> Find<T>(string hash) where T : class, IDocument => Documents<T, T?>(
            $"d.type = '{typeof(T).Name}' and d.lookup = @hash", Question.Named(new { hash }), found => found.Lookup == hash, documents => documents.SingleOrDefault());

        public Answer<IReadOnlyList<T>> List<T>() where T : class, IDocument => Documents<T, IReadOnlyList<T>>(
            $"d.type = '{typeof(T).Name}'", Question.Named(new { }), _ => true, documents => documents);

        public Answer<IReadOnlyList<T>> List<T>(Sought stream) where T : class, IDocument => Documents<T, IReadOnlyList<T>>(
            $"d.type = '{typeof(T).Name}' and d.stream = {stream.Sql}", stream.Parameters,
            found => !stream.Parameters.TryGetValue("stream", out var id) || id.Equals(found.Stream), documents => documents);

        public Answer<bool> Exists(Guid stream) => Ask("key", "select 1 from mt_doc_stream_key where id = @stream", ((Sought)stream).Parameters, _ => true, rows => rows.Count == 1);

        public Answer<IReadOnlyList<T>> Rows<TRow, T>(string where, object parameters) where TRow : class, ISealedRow where T : class => Ask<StoredRow, IReadOnlyList<T>>(
            $"rows {where}", $"select r.id, r.data ->> 'Data', r.data ->> 'Seal', {KeyColumns}, {TRow.ClearColumns} from {TableOf(typeof(TRow))} r join mt_doc_stream_key k on k.id = r.id {where}",
            Question.Named(parameters), reader => new(reader.GetGuid(0), Base64.Text(reader, 1), Base64.Text(reader, 2), KeyAt(reader, 3), TRow.ClearOf(reader, 5)),
            rows => [.. rows.Select(row => session.Opened<TRow, T>(row))]);

        public Answer<IReadOnlyList<T>> Query<T>(string sql, object parameters)
        {
            var answer = new Answer<IReadOnlyList<T>>();
            _questions.Add(Question.Of(sql, Question.Named(parameters), answer));
            return answer;
        }

        public IAhead Ahead => this;

        void IAhead.Stream(Guid id) => session._aheadStreams[id] = Ask<StoredStream.Row, StoredStream>(
            "stream", StoredStream.Sql("= @stream"), ((Sought)id).Parameters, StoredStream.Read, rows => new(rows));

        void IAhead.Document<T>(Sought id) => session._aheadDocuments[typeof(T)] = Load<T>(id);

        public async Task AskAsync(CancellationToken cancellation)
        {
            await database.ReadAsync(_questions, cancellation);
            // Somebody may have written a newer one while this was read. What stays as it was then is refused.
            if (!_lasting.Exists(session.IsFromBefore))
                return;
            _lasting.Clear();
            await database.ReadAsync(_questions, cancellation);
            foreach (var row in _lasting)
                row.WasPutBack = session.IsFromBefore(row);
        }

        /// <param name="isMeant">Whether the sealed document says so too: what is found by a clear column decides nothing.</param>
        private Answer<TAnswer> Documents<T, TAnswer>(
            string where, IReadOnlyDictionary<string, object> parameters, Func<SealedDocument, bool> isMeant, Func<IReadOnlyList<T>, TAnswer> open) where T : class, IDocument =>
            Ask<StoredDocument, TAnswer>($"documents {where}", DocumentsSql(where), parameters, NeverGoesBack<T>() ? LastingAt : DocumentAt, rows => open([.. rows.Select(row => session.OpenedUnlessLost<T>(row, isMeant)).OfType<T>()]));

        private StoredDocument LastingAt(DbDataReader reader)
        {
            _lasting.Add(DocumentAt(reader));
            return _lasting[^1];
        }

        private static string DocumentsSql(string where) =>
            $"select d.id, d.data::text, {KeyColumns} from mt_doc_sealed d left join mt_doc_stream_key k on k.id = d.stream where {where} order by d.name";

        private static StoredDocument DocumentAt(DbDataReader reader) => new(reader.GetString(0), reader.GetString(1), KeyAt(reader, 2));

        private Answer<T> Ask<TRow, T>(
            string what, string sql, IReadOnlyDictionary<string, object> parameters, Func<DbDataReader, TRow> row, Func<IReadOnlyList<TRow>, T> open)
        {
            var answer = new Answer<T>();
            _questions.Add(Question.Of(what, sql, parameters, row, answer, open));
            return answer;
        }

        private static StreamKeyRow? KeyAt(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : new(reader.GetGuid(column), Base64.Text(reader, column + 1));

        private static string TableOf(Type row) => "mt_doc_" + row.GetCustomAttribute<DocumentAliasAttribute>()!.Alias;
    }

    private sealed record StoredRow(Guid Id, string Data, string Seal, StreamKeyRow? Key, string Clear);
}
