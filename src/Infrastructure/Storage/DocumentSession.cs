using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Collects what a command changes and saves it in one transaction.</summary>
public sealed class DocumentSession(IDatabase database, Keyring keyring, TimeProvider time, WorkerSignal signal, Actor actor, IEnumerable<IDocumentSessionListener> listeners)
    : IDocumentSession, IEventStore
{
    private const string Tombstone = "Erased";
    private readonly byte[] _documentKey = keyring.Derive("documents");
    private readonly Dictionary<Guid, byte[]> _dataKeys = [];
    private readonly Dictionary<(string, string), long> _versions = [];
    private readonly Dictionary<Guid, IAggregate> _changed = [];
    private readonly List<Statement> _statements = [];
    private readonly List<object> _appended = [];
    private readonly HashSet<(string, string)> _stored = [];
    private bool _wakesWorker;
    private bool _keepsNothing;
    private Requirement? _required;

    public IEventStore Events => this;

    private DateTimeOffset Now => time.GetUtcNow();

    // Event streams

    void IEventStore.StartStream<T>(Guid id, IEnumerable<object> events)
    {
        var key = Keyring.NewDataKey();
        _dataKeys[id] = key;
        _statements.Add(new("insert into stream_keys(stream, wrapped) values(@stream, @wrapped)",
            Values(("stream", Name(id)), ("wrapped", keyring.Wrap(key, Name(id))))));
        new EventStream<T>(this, id, key, []).AppendMany(events);
    }

    async Task<IEventStream<T>?> IEventStore.FetchForWriting<T>(Guid id, CancellationToken cancellation) where T : class
    {
        var rows = await database.QueryAsync<EventRow>(
            """
            select e.version, e.type, e.at, e.actor, e.data, k.wrapped
            from stream_keys k join events e on e.stream = k.stream
            where k.stream = @stream order by e.version
            """, new { stream = Name(id) }, cancellation);
        if (rows.Count == 0)
            return null;
        var key = _dataKeys[id] = keyring.Unwrap(rows[0].Wrapped, Name(id));
        return new EventStream<T>(this, id, key, rows.Select((row, i) => Open<T>(id, row, i + 1, key)));
    }

    private static StoredEvent Open<T>(Guid id, EventRow row, int version, byte[] key)
    {
        if (row.Version != version)
            throw new CryptographicException("An event is missing, or was moved.");
        var json = Keyring.Open(key, row.Data, EventContext(id, version, row.Type, row.At, row.Actor));
        return new(version, Instant.From(row.At), row.Actor, Read(Aggregates.EventType(typeof(T), row.Type), json));
    }

    async Task<bool> IEventStore.ExistsAsync(Guid id, CancellationToken cancellation) =>
        (await database.QueryAsync<long>("select 1 from stream_keys where stream = @stream", new { stream = Name(id) }, cancellation)).Count == 1;

    void IEventStore.Erase<T>(Guid id, string reason, int? version)
    {
        var stream = Values(("stream", Name(id)));
        // The stream's documents go with its key: they refer to it.
        _statements.Add(new("delete from stream_keys where stream = @stream", stream, MustAffect: 1));
        // The tombstone takes the next version at once: whoever appends at the same time comes before all of this, or fails.
        _statements.Add(new(
            """
            insert into events(stream, version, type, at, actor, data)
            select @stream, max(version) + 1, @type, @at, @actor, @data from events where stream = @stream
            having @version = 0 or max(version) = @version
            """,
            Values(("stream", Name(id)), ("type", Tombstone), ("at", Instant.To(Now)), ("actor", actor.Name), ("data", Encoding.UTF8.GetBytes(reason)),
                ("version", (long)(version ?? 0))), MustAffect: 1));
        foreach (var table in new T().Tables)
            _statements.Add(new($"delete from {table} where {(table == "links" ? "stream" : "id")} = @stream", stream));
        _statements.Add(new("update events set data = @none where stream = @stream and type <> @tombstone",
            Values(("stream", Name(id)), ("none", Array.Empty<byte>()), ("tombstone", Tombstone))));
    }

    private void Append(Guid id, int version, object @event, byte[] key)
    {
        var (type, at) = (@event.GetType().Name, Instant.To(Now));
        _appended.Add(@event);
        _statements.Add(new(
            "insert into events(stream, version, type, at, actor, data) values(@stream, @version, @type, @at, @actor, @data)",
            Values(("stream", Name(id)), ("version", (long)version), ("type", type), ("at", at),
                ("actor", actor.Name), ("data", Keyring.Seal(key, Json(@event), EventContext(id, version, type, at, actor.Name))))));
    }

    // Documents

    public void Store<T>(T document) where T : class, IDocument
    {
        var type = typeof(T).Name;
        var version = _versions.GetValueOrDefault((type, document.Id)) + 1;
        var key = document.Stream is { } stream ? _dataKeys[stream] : _documentKey;
        var lookup = document.Lookup is { } text ? Hashed<T>(text) : null;
        long? expires = document.Expires is { } e ? Instant.To(e) : null;
        var values = Values(("type", type), ("id", document.Id), ("stream", document.Stream is { } s ? Name(s) : null), ("lookup", lookup),
            ("expires", expires), ("version", version),
            ("data", Keyring.Seal(key, Json(document), StoredDocument.ContextOf(type, document.Id, version, lookup, expires))));
        _statements.Add(version == 1
            ? new("insert into documents(type, id, stream, lookup, expires, version, data) values(@type, @id, @stream, @lookup, @expires, @version, @data)", values)
            : new("update documents set stream = @stream, lookup = @lookup, expires = @expires, version = @version, data = @data where type = @type and id = @id and version = @version - 1", values, MustAffect: 1));
        _versions[(type, document.Id)] = version;
        _stored.Add((type, document.Id));
    }

    public void Delete<T>(T document) where T : class, IDocument
    {
        // What was read here goes as it was read, or not at all: whoever read it too may be using what it holds.
        _statements.Add(_versions.Remove((typeof(T).Name, document.Id), out var version)
            ? new("delete from documents where type = @type and id = @id and version = @version", Values(("type", typeof(T).Name), ("id", document.Id), ("version", version)), MustAffect: 1)
            : new("delete from documents where type = @type and id = @id", Values(("type", typeof(T).Name), ("id", document.Id))));
    }

    public async Task<T?> LoadAsync<T>(string id, CancellationToken cancellation) where T : class, IDocument =>
        (await DocumentsAsync<T>("d.id = @id", new { type = typeof(T).Name, id }, cancellation)).SingleOrDefault();

    public async Task<T?> FindAsync<T>(string lookup, CancellationToken cancellation) where T : class, IDocument =>
        (await DocumentsAsync<T>("d.lookup = @lookup", new { type = typeof(T).Name, lookup = Hashed<T>(lookup) }, cancellation)).SingleOrDefault();

    public Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellation) where T : class, IDocument =>
        DocumentsAsync<T>("true", new { type = typeof(T).Name }, cancellation);

    public Task<IReadOnlyList<T>> ListAsync<T>(Guid stream, CancellationToken cancellation) where T : class, IDocument =>
        DocumentsAsync<T>("d.stream = @stream", new { type = typeof(T).Name, stream = Name(stream) }, cancellation);

    private async Task<IReadOnlyList<T>> DocumentsAsync<T>(string where, object parameters, CancellationToken cancellation) where T : class, IDocument
    {
        var rows = await database.QueryAsync<DocumentRow>(
            $"select d.id, d.version, d.lookup, d.expires, d.data, d.stream, k.wrapped from documents d left join stream_keys k on k.stream = d.stream where d.type = @type and {where} order by d.id",
            parameters, cancellation);
        return rows.Select(row =>
        {
            _versions[(typeof(T).Name, row.Id)] = row.Version;
            return (T)Read(typeof(T), Keyring.Open(
                KeyOf(row.Stream, row.Wrapped), row.Data, StoredDocument.ContextOf(typeof(T).Name, row.Id, row.Version, row.Lookup, row.Expires)));
        }).ToList();
    }

    // Read models

    public async Task<IReadOnlyList<T>> RowsAsync<T>(string table, string where, object parameters, CancellationToken cancellation) where T : class
    {
        var rows = await database.QueryAsync<DataRow>(
            $"select r.id, r.data, k.wrapped from {table} r join stream_keys k on k.stream = r.id {where}", parameters, cancellation);
        return rows.Select(row => (T)Read(typeof(T), Keyring.Open(KeyOf(row.Id, row.Wrapped), row.Data, RowContext(table, row.Id)))).ToList();
    }

    private Statement Upsert(ProjectedRow row, Guid stream)
    {
        var columns = new Dictionary<string, object?>(row.Columns) { ["id"] = row.Id };
        if (row.Data is not null)
            columns["data"] = Keyring.Seal(_dataKeys[stream], Json(row.Data), RowContext(row.Table, row.Id));
        return new(
            $"""
            insert into {row.Table}({string.Join(", ", columns.Keys)}) values({string.Join(", ", columns.Keys.Select(c => "@" + c))})
            on conflict(id) do update set {string.Join(", ", columns.Keys.Where(c => c != "id").Select(c => $"{c} = excluded.{c}"))}
            """, columns);
    }

    // Messages, audit, saving

    public void Publish(OutgoingMessages messages)
    {
        var now = Now;
        foreach (var (message, due) in messages)
        {
            _wakesWorker |= due is null || due <= now;
            _statements.Add(new("insert into messages(id, type, body, due) values(@id, @type, @body, @due)", Values(
                ("id", Name(Guid.CreateVersion7(now))), ("type", message.GetType().Name),
                ("body", JsonSerializer.Serialize(message, message.GetType())), ("due", Instant.To(due ?? now)))));
        }
    }

    public void Audit(string actor, string action, string subject, string detail) =>
        _statements.Add(new("insert into audit(at, actor, action, subject, detail) values(@at, @actor, @action, @subject, @detail)", Values(
            ("at", Instant.To(Now)), ("actor", actor), ("action", action), ("subject", subject), ("detail", detail))));

    public void Enlist(Statement statement) => _statements.Add(statement);

    public async Task SaveChangesAsync(CancellationToken cancellation)
    {
        if (_keepsNothing)
            ForgetChanges();
        if (_statements.Count == 0)
            return;
        foreach (var (stream, state) in _changed)
            _statements.AddRange(state.Project().Select(row => Upsert(row, stream)));
        List<Statement> statements = [.. _required is null ? [] : new[] { _required.Statement }, .. _statements];
        var appended = _appended.ToList();
        var wakes = _wakesWorker;
        var required = _required is null || !_stored.Contains((_required.Type, _required.Id)) ? _required
            : _required with { Version = _versions[(_required.Type, _required.Id)] };
        ForgetChanges();
        try
        {
            await database.SaveAsync(statements, cancellation);
        }
        catch (Exception e)
        {
            // What was read or assumed before is no ground for another save.
            Forget();
            if (e is ConcurrencyException && _required is not null)
                _required = _required with { Version = await _required.HoldsAsync(cancellation) ?? throw new RequirementLostException("What was required holds no more.", e) };
            throw;
        }
        _required = required;
        if (wakes)
            signal.Wake();
        foreach (var listener in listeners)
            listener.AfterCommit(appended);
    }

    public void Require<T>(T document, Func<T?, bool> holds) where T : class, IDocument =>
        _required = new(typeof(T).Name, document.Id, _versions[(typeof(T).Name, document.Id)], async cancellation =>
        {
            var isGood = holds(await LoadAsync<T>(document.Id, cancellation));
            // Whoever wants to change it reads it for themselves.
            return _versions.Remove((typeof(T).Name, document.Id), out var version) && isGood ? version : null;
        });

    public void KeepNothing() => _keepsNothing = true;

    public void Forget()
    {
        ForgetChanges();
        _versions.Clear();
        _dataKeys.Clear();
    }

    private void ForgetChanges()
    {
        _statements.Clear();
        _appended.Clear();
        _stored.Clear();
        _changed.Clear();
        _wakesWorker = false;
    }

    private byte[] KeyOf(string? stream, byte[]? wrapped)
    {
        if (stream is null)
            return _documentKey;
        var id = Guid.Parse(stream);
        if (!_dataKeys.TryGetValue(id, out var key))
            _dataKeys[id] = key = keyring.Unwrap(wrapped!, stream);
        return key;
    }

    private string Hashed<T>(string lookup) => keyring.Lookup($"document/{typeof(T).Name}", lookup);
    private static string Name(Guid id) => id.ToString("N");
    private static string EventContext(Guid stream, long version, string type, long at, string actor) => $"event/{stream:N}/{version}/{type}/{at}/{actor}";
    private static string RowContext(string table, string id) => $"row/{table}/{id}";
    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType());
    private static object Read(Type type, byte[] json) => JsonSerializer.Deserialize(json, type)!;
    private static Dictionary<string, object?> Values(params (string Name, object? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    private sealed record EventRow(long Version, string Type, long At, string Actor, byte[] Data, byte[] Wrapped);
    private sealed record DocumentRow(string Id, long Version, string? Lookup, long? Expires, byte[] Data, string? Stream, byte[]? Wrapped);
    private sealed record DataRow(string Id, byte[] Data, byte[] Wrapped);

    private sealed class EventStream<T> : IEventStream<T> where T : class, IAggregate, new()
    {
        private readonly DocumentSession _session;
        private readonly List<StoredEvent> _history;

        public EventStream(DocumentSession session, Guid id, byte[] dataKey, IEnumerable<StoredEvent> history)
        {
            (_session, Id, DataKey, _history) = (session, id, dataKey, history.ToList());
            foreach (var stored in _history)
                Aggregates.Apply(Aggregate, stored.Data);
        }

        public Guid Id { get; }
        public T Aggregate { get; } = new();
        public byte[] DataKey { get; }
        public IReadOnlyList<StoredEvent> History => _history;

        public void AppendMany(IEnumerable<object> events)
        {
            foreach (var @event in events)
            {
                var version = _history.Count + 1;
                Aggregates.Apply(Aggregate, @event);
                _session.Append(Id, version, @event, DataKey);
                _history.Add(new(version, _session.Now, "", @event));
                _session._changed[Id] = Aggregate;
            }
        }
    }
}
