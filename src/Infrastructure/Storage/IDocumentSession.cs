namespace PatientResponse.Infrastructure.Storage;

/// <summary>A document: something that is kept as it is now, without its history.</summary>
public interface IDocument
{
    string Id { get; }

    /// <summary>A second, unique key to find it by; null when there is none. Stored as a keyed hash.</summary>
    string? Lookup => null;

    /// <summary>The event stream whose key encrypts it and whose erasure takes it along.</summary>
    Guid? Stream => null;

    /// <summary>When it is swept away by itself.</summary>
    DateTimeOffset? Expires => null;
}

/// <summary>A Marten document that lists read.</summary>
public interface IReadModel;

/// <summary>One that has in clear what queries filter or sort by, and everything else sealed under the key of its stream.</summary>
public interface ISealedRow : IReadModel
{
    /// <summary>The stream's.</summary>
    Guid Id { get; }
    byte[] Data { get; set; }

    /// <summary>Holds <see cref="Clear"/> and <see cref="Data"/> together.</summary>
    byte[] Seal { get; set; }

    /// <summary>All that it has in clear, but its id.</summary>
    string Clear { get; }

    /// <summary>The columns that hold it, of a row <c>r</c>.</summary>
    static abstract string ClearColumns { get; }

    /// <summary>The same of a row that was read, whose columns begin at <paramref name="first"/>.</summary>
    static abstract string ClearOf(System.Data.Common.DbDataReader reader, int first);
}

/// <summary>A document of the read model, and what is sealed into it.</summary>
public sealed record ProjectedRow(IReadModel Document, object? Data = null);

/// <summary>Events to append, in order.</summary>
public sealed class Events : List<object>;

/// <summary>A unit of work, in Marten's words: nothing is written before <see cref="SaveChangesAsync"/>, and then all of it at once.</summary>
public interface IDocumentSession
{
    IEventStore Events { get; }

    void Store<T>(T document) where T : class, IDocument;

    /// <summary>One that this session read is deleted only if nobody changed or deleted it meanwhile.</summary>
    void Delete<T>(T document) where T : class, IDocument;
    Task<T?> LoadAsync<T>(string id, CancellationToken cancellation = default) where T : class, IDocument;
    Task<T?> FindAsync<T>(string lookup, CancellationToken cancellation = default) where T : class, IDocument;
    Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellation = default) where T : class, IDocument;

    /// <summary>The documents of one type that belong to a stream.</summary>
    Task<IReadOnlyList<T>> ListAsync<T>(Guid stream, CancellationToken cancellation = default) where T : class, IDocument;

    /// <summary>For several things in one round trip.</summary>
    IReading Read();

    /// <summary>What is sealed in rows of a read model: <paramref name="where"/> follows <c>from table r</c>.</summary>
    Task<IReadOnlyList<T>> RowsAsync<TRow, T>(string where, object parameters, CancellationToken cancellation = default) where TRow : class, ISealedRow where T : class;

    /// <summary>Adds messages to the outbox; a due one is picked up right after the save.</summary>
    void Publish(OutgoingMessages messages);

    /// <summary>Adds an entry to the append-only record of who did, saw or was refused what.</summary>
    void Audit(string actor, string action, string subject, string detail = "");

    /// <summary>Adds a statement of the infrastructure's own to the same transaction.</summary>
    void Enlist(Statement statement);

    /// <summary>From now on a save holds only while <paramref name="holds"/> is true of this document, which was read here; it is asked
    /// again whenever somebody has changed the document. It costs no round trip.</summary>
    void Require<T>(T document, Func<T?, bool> holds) where T : class, IDocument;

    /// <summary>Drops what was not saved, before deciding again.</summary>
    void Forget();

    /// <summary>From now on a save succeeds and writes nothing: for a request that only asks what the answer would be.</summary>
    void KeepNothing();

    /// <exception cref="ConcurrencyException">Another writer was faster. Nothing was saved: read again and decide again.</exception>
    /// <exception cref="RequirementLostException">What was required holds no more. Nothing was saved.</exception>
    Task SaveChangesAsync(CancellationToken cancellation = default);
}

public interface IEventStore
{
    /// <summary>Begins a stream with a data key of its own.</summary>
    void StartStream<T>(Guid id, IEnumerable<object> events) where T : class, IAggregate, new();

    /// <summary>The state to decide on. Null when there is no such stream, or it was erased.</summary>
    Task<IEventStream<T>?> FetchForWriting<T>(Guid id, CancellationToken cancellation = default) where T : class, IAggregate, new();

    /// <summary>Writes what lists read of a stream anew, as it was read: for rows of an earlier form.</summary>
    void ProjectAgain<T>(IEventStream<T> stream) where T : class, IAggregate;

    /// <summary>Whether there is such a stream; its content is not read.</summary>
    Task<bool> ExistsAsync(Guid id, CancellationToken cancellation = default);

    /// <summary>Destroys the stream's key and everything encrypted under it; a tombstone stays.</summary>
    /// <param name="reason">Kept in clear.</param>
    /// <param name="version">How many events the decision rests on: with more, the save is a <see cref="ConcurrencyException"/>. Null erases whatever came.</param>
    void Erase<T>(Guid id, string reason, int? version = null) where T : class, IAggregate, new();
}

public interface IEventStream<out T>
{
    Guid Id { get; }
    T Aggregate { get; }

    /// <summary>32 bytes; the keys of the stream's files are made from it.</summary>
    byte[] DataKey { get; }

    /// <summary>What happened, oldest first, with its instant and actor.</summary>
    IReadOnlyList<StoredEvent> History { get; }

    void AppendMany(IEnumerable<object> events);
}

public sealed record StoredEvent(int Version, DateTimeOffset At, string Actor, object Data);

/// <summary>State made of events: one <c>Apply</c> method for each event type, and the rows that lists read.</summary>
public interface IAggregate
{
    /// <summary>The inline read model: stored in the transaction of the events.</summary>
    IEnumerable<ProjectedRow> Project();

    /// <summary>Deletes what <see cref="Project"/> has stored for a stream.</summary>
    void Forget(Marten.IDocumentOperations operations, Guid id);
}
