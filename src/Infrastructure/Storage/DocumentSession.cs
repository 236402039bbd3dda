using System.Text.Json;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Collects what a command changes and saves it in one transaction, through Marten.</summary>
public sealed partial class DocumentSession(
    IDatabase database, Keyring keyring, TimeProvider time, IOutbox outbox, Actor actor, KnownVersions known, IEnumerable<IDocumentSessionListener> listeners)
    : IDocumentSession
{
    private readonly byte[] _documentKey = keyring.Derive("documents");
    private readonly byte[] _rowKey = RowSeal.KeyOf(keyring);
    private readonly Dictionary<Guid, byte[]> _dataKeys = [];
    private readonly Dictionary<string, long> _versions = [];
    private readonly List<Change> _changes = [];
    private readonly HashSet<string> _stored = [];
    private readonly HashSet<string> _lost = [];
    private readonly Dictionary<string, long> _lasting = [];
    private readonly List<QueuedMessage> _messages = [];
    private bool _keepsNothing;
    private Requirement? _required;

    public IEventStore Events => this;

    private DateTimeOffset Now => time.GetUtcNow();

    // Documents

    public void Store<T>(T document) where T : class, IDocument
    {
        var id = IdOf(document);
        var version = _versions.GetValueOrDefault(id) + 1;
        var stored = new SealedDocument
        {
            Id = id,
            Type = typeof(T).Name,
            Name = document.Id,
            Stream = document.Stream,
            Lookup = document.Lookup is { } text ? Hashed<T>(text) : null,
            Expires = document.Expires is { } expires ? Instant.To(expires) : null,
            Version = version,
        };
        stored.Seal(document.Stream is { } stream ? _dataKeys[stream] : _documentKey, JsonSerializer.SerializeToUtf8Bytes(document));
        if (version > 1)
            _changes.Add(SealedDocument.StillAt(id, version - 1));
        else if (_lost.Remove(id))
            _changes.Add(new Statement("delete from mt_doc_sealed where id = @id", Values(("id", id))));
        _changes.Add(new Operation(
            marten =>
            {
                if (version == 1)
                    marten.Insert(stored);
                else
                    marten.Update(stored);
            }, ("type", stored.Type), ("id", document.Id))
        { Head = document is IShortLived ? null : () => Head.OfDocument(stored) });
        _versions[id] = version;
        _stored.Add(id);
        if (document is INeverGoesBack)
            _lasting[id] = version;
    }

    public void Delete<T>(T document) where T : class, IDocument
    {
        var id = IdOf(document);
        // What was read here goes as it was read, or not at all: whoever read it too may be using what it holds.
        // Marten drops what was to be stored and is deleted in the same save: that version will never be there.
        if (_versions.Remove(id, out var version) && !_stored.Remove(id))
            _changes.Add(SealedDocument.StillAt(id, version));
        _changes.Add(new Operation(marten => marten.Delete<SealedDocument>(id), ("type", typeof(T).Name), ("id", document.Id))
        { Head = document is IShortLived ? null : () => Head.Gone(HeadOf.Document, id) });
    }

    public Task<T?> LoadAsync<T>(string id, CancellationToken cancellation) where T : class, IDocument =>
        Ahead<T>(id) is { } read ? Task.FromResult<T?>(read) : AskAsync(reading => reading.Load<T>(id), cancellation);

    public Task<T?> FindAsync<T>(string lookup, CancellationToken cancellation) where T : class, IDocument => AskAsync(reading => reading.Find<T>(Hashed<T>(lookup)), cancellation);

    public Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellation) where T : class, IDocument => AskAsync(reading => reading.List<T>(), cancellation);

    public Task<IReadOnlyList<T>> ListAsync<T>(Guid stream, CancellationToken cancellation) where T : class, IDocument => AskAsync(reading => reading.List<T>(stream), cancellation);

    // Messages, audit, saving

    public void Publish(OutgoingMessages messages)
    {
        foreach (var (message, due) in messages)
        {
            var queued = outbox.Queue(message, Now, due);
            _messages.Add(queued);
            _changes.Add(queued.Insert);
        }
    }

    public void Audit(string actor, string action, string subject, string detail) =>
        _changes.Add(new AuditEntry(Instant.To(Now), actor, action, subject, detail).Insert(keyring));

    public void Enlist(Statement statement) => _changes.Add(statement);

    public async Task SaveChangesAsync(CancellationToken cancellation)
    {
        if (_keepsNothing)
            ForgetChanges();
        if (_changes.Count == 0 && !HasEvents)
            return;
        List<Change> changes = [.. _required is null ? [] : new[] { _required.Check }, .. _changes, .. EventChanges()];
        if (changes.Where(change => change.Head is not null).ToList() is { Count: > 0 } onRecord)
            // At the end: of two who change the same thing, the second waits for the first before, and so comes later on record.
            changes.Add(new Operation(marten => Head.Insert(keyring, onRecord.Select(change => change.Head!())).QueueOn(marten), ("heads", onRecord.Count)) { ComesLast = true });
        KeyValuePair<string, long>[] lasting = [.. _lasting];
        var keys = new SessionKeys { Keys = new Dictionary<Guid, byte[]>(_dataKeys), At = Now, Actor = actor.Name };
        var appended = Appended();
        QueuedMessage[] messages = [.. _messages];
        ForgetAhead();
        var required = _required is null || !_stored.Contains(_required.Id) ? _required : _required with { Version = _versions[_required.Id] };
        ForgetChanges();
        try
        {
            await database.SaveAsync(changes, keys.UseIn, cancellation);
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
        known.HasSaved = true;
        foreach (var (id, version) in lasting)
            known.Note(id, version);
        foreach (var message in messages)
            await message.BeginAsync();
        foreach (var listener in listeners)
            listener.AfterCommit(appended);
    }

    public void Require<T>(T document, Func<T?, bool> holds) where T : class, IDocument
    {
        var id = IdOf(document);
        _required = new(id, _versions[id], async cancellation =>
        {
            var isGood = holds(await LoadAsync<T>(document.Id, cancellation));
            // Whoever wants to change it reads it for themselves.
            return _versions.Remove(id, out var version) && isGood ? version : null;
        });
    }

    public void KeepNothing() => _keepsNothing = true;

    public void Forget()
    {
        ForgetChanges();
        ForgetAhead();
        _versions.Clear();
        _lost.Clear();
        _dataKeys.Clear();
    }

    private void ForgetChanges()
    {
        _changes.Clear();
        _stored.Clear();
        _lasting.Clear();
        _messages.Clear();
        ForgetEvents();
    }

    private static string IdOf<T>(T document) where T : class, IDocument => SealedDocument.IdOf(typeof(T).Name, document.Id);
    private string Hashed<T>(string lookup) => keyring.Lookup($"document/{typeof(T).Name}", lookup);
    private static Dictionary<string, object?> Values(params (string Name, object? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    /// <summary>A document that has to be as it was read, or still good enough, for anything to be saved.</summary>
    /// <param name="Version">At which it was last found good.</param>
    /// <param name="HoldsAsync">Reads it again: its version now, or null when it is not good any more.</param>
    private sealed record Requirement(string Id, long Version, Func<CancellationToken, Task<long?>> HoldsAsync)
    {
        public Statement Check => SealedDocument.StillAt(Id, Version);
    }
}

/// <summary>What a unit of work was required to hold on to is gone, such as the session of whoever gave the command. Nothing was saved.</summary>
public sealed class RequirementLostException : Exception
{
    public RequirementLostException() { }
    public RequirementLostException(string message) : base(message) { }
    public RequirementLostException(string message, Exception inner) : base(message, inner) { }
}
