using System.Text.Json;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Event streams and their read model.</summary>
public sealed partial class DocumentSession : IEventStore
{
    private readonly Dictionary<Guid, IChanged> _streams = [];

    private bool HasEvents => _streams.Count > 0;

    void IEventStore.StartStream<T>(Guid id, IEnumerable<object> events)
    {
        var key = Keyring.NewDataKey();
        _dataKeys[id] = key;
        var wrapped = new StreamKey { Id = id, Wrapped = keyring.Wrap(key, id.ToString("N")) };
        _changes.Add(new Operation(marten => marten.Insert(wrapped), ("started", id)));
        new EventStream<T>(this, id, key, new T(), []).AppendMany(events);
    }

    Task<IEventStream<T>?> IEventStore.FetchForWriting<T>(Guid id, CancellationToken cancellation) where T : class =>
        _aheadStreams.Remove(id, out var read) ? Task.FromResult<IEventStream<T>?>(Opened<T>(read.Value)) : AskAsync(reading => reading.FetchForWriting<T>(id), cancellation);

    Task<bool> IEventStore.ExistsAsync(Guid id, CancellationToken cancellation) => AskAsync(reading => reading.Exists(id), cancellation);

    void IEventStore.Erase<T>(Guid id, string reason, int? version)
    {
        var stream = Values(("stream", id));
        var tombstone = new Erased(reason, actor.Name, Now);
        // The stream's documents go with its key: they refer to it.
        _changes.Add(new Statement("delete from mt_doc_stream_key where id = @stream", stream, MustAffect: 1) { Head = () => Head.Gone(HeadOf.Stream, $"{id:N}") });
        // The tombstone takes the next version at once: whoever appends at the same time comes before all of this, or fails.
        _changes.Add(new Operation(marten => _ = version is { } decidedOn ? marten.Events.Append(id, decidedOn + 1, tombstone) : marten.Events.Append(id, tombstone), ("erased", id)) { Appends = true });
        _changes.Add(new Operation(marten => new T().Forget(marten, id), ("stream", id)));
        _changes.Add(new Operation(marten =>
        {
            StatementOperation.Queue(marten, new("update mt_events set bdata = '' where stream_id = @stream and bdata is not null", stream));
            // From now on Marten reads nothing of it and refuses to append.
            marten.Events.ArchiveStream(id);
        }, ("stream", id))
        { ComesLast = true });
    }

    void IEventStore.ProjectAgain<T>(IEventStream<T> stream)
    {
        // Locks the stream: an event that is appended meanwhile waits, and writes the newer row.
        _changes.Add(new Statement("select 1 from mt_streams where id = @stream and version = @version for update",
            Values(("stream", stream.Id), ("version", (long)stream.History.Count)), MustAffect: 1, IsQuery: true));
        _changes.AddRange(stream.Aggregate.Project().Select(row => Written(stream.Id, row)));
    }

    public Task<IReadOnlyList<T>> RowsAsync<TRow, T>(string where, object parameters, CancellationToken cancellation) where TRow : class, ISealedRow where T : class =>
        AskAsync(reading => reading.Rows<TRow, T>(where, parameters), cancellation);

    private IEnumerable<Change> EventChanges()
    {
        // What is pending now: it is forgotten before the save begins.
        foreach (var stream in _streams.Values)
        {
            var (id, version, last) = (stream.Id, stream.Version, stream.Pending[^1]);
            yield return new Operation(stream.Append(), [("stream", id), .. stream.Pending.Index().Select(e => ($"event {e.Index}", (object?)e.Item.GetType().Name))])
            { Appends = true, Head = () => Head.OfStream(id, version, SealingSerializer.SealedBytesOf(last)) };
        }
        foreach (var stream in _streams.Values)
            foreach (var row in stream.Changed())
                yield return Written(stream.Id, row);
    }

    private Operation Written(Guid stream, ProjectedRow row)
    {
        if (row is { Document: ISealedRow document, Data: { } data })
        {
            document.Data = Keyring.Seal(_dataKeys[stream], JsonSerializer.SerializeToUtf8Bytes(data, data.GetType()), RowContext(document.GetType(), document.Id));
            document.Seal = RowSeal.Of(_rowKey, document.GetType().Name, document.Id, document.Clear, document.Data);
        }
        return new Operation(marten => marten.StoreObjects([row.Document]), ("stream", stream));
    }

    private List<object> Appended() => [.. _streams.Values.SelectMany(stream => stream.Pending)];

    private void ForgetEvents()
    {
        foreach (var stream in _streams.Values)
            stream.Saved();
        _streams.Clear();
    }

    private static string RowContext(Type row, Guid id) => $"row/{row.Name}/{id:N}";

    /// <summary>A stream that was appended to since the last save.</summary>
    private interface IChanged
    {
        Guid Id { get; }
        IReadOnlyList<object> Pending { get; }

        /// <summary>How many events it has, with those.</summary>
        int Version { get; }

        /// <summary>The rows of the read model that say something else than they did before.</summary>
        IEnumerable<ProjectedRow> Changed();
        Action<Marten.IDocumentSession> Append();
        void Saved();
    }

    private sealed class EventStream<T> : IEventStream<T>, IChanged where T : class, IAggregate, new()
    {
        private readonly DocumentSession _session;
        private readonly List<StoredEvent> _history;
        private List<object> _pending = [];
        private HashSet<string> _stored = [];

        public EventStream(DocumentSession session, Guid id, byte[] dataKey, T aggregate, IEnumerable<StoredEvent> history) =>
            (_session, Id, DataKey, Aggregate, _history) = (session, id, dataKey, aggregate, [.. history]);

        public Guid Id { get; }
        public T Aggregate { get; }
        public byte[] DataKey { get; }
        public IReadOnlyList<StoredEvent> History => _history;
        public IReadOnlyList<object> Pending => _pending;
        public int Version => _history.Count;

        public void AppendMany(IEnumerable<object> events)
        {
            foreach (var @event in events)
            {
                // A new stream has none, and says nothing of itself yet.
                if (_pending.Count == 0)
                    _stored = _history.Count == 0 ? [] : [.. Aggregate.Project().Select(Text)];
                Aggregates.Apply(Aggregate, @event);
                _history.Add(new(_history.Count + 1, _session.Now, "", @event));
                _pending.Add(@event);
                _session._streams[Id] = this;
            }
        }

        /// <summary>Marten takes the version that the stream will have.</summary>
        public Action<Marten.IDocumentSession> Append()
        {
            var (pending, version) = (_pending, _history.Count);
            return version == pending.Count
                ? marten => marten.Events.StartStream<T>(Id, pending)
                : marten => marten.Events.Append(Id, (long)version, pending);
        }

        public IEnumerable<ProjectedRow> Changed() => Aggregate.Project().Where(row => !_stored.Contains(Text(row)));

        public void Saved() => _pending = [];

        private static string Text(ProjectedRow row) => $"{JsonSerializer.Serialize(row.Document, row.Document.GetType())}{JsonSerializer.Serialize(row.Data)}";
    }
}
