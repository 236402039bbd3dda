using Npgsql;
using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Checkpoints;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.ErrorPages;

namespace PatientResponse.Features.VerifyStorage;

/// <param name="Kind"><c>unreadable</c>, <c>missing-file</c>, <c>damaged-file</c>, <c>lost-key</c>, <c>orphan</c>, <c>forged-order</c>, or what the record tells: <see cref="RecordFinding"/>.</param>
public sealed record StorageProblem(string Kind, string Name);

public sealed record StorageReport(long Conversations, long Files, IReadOnlyList<StorageProblem> Problems);

/// <summary>Reads everything, one conversation at a time. What changes meanwhile is looked at twice before it counts.</summary>
/// <param name="checkpoints">Links that were kept elsewhere, such as in the log, to be looked for besides those of the file store.</param>
public sealed class StorageCheck(
    IDatabase database, NpgsqlDataSource source, Keyring keyring, IFileStore store, CheckpointStore kept, FileIntake files, IServiceScopeFactory scopes, TimeProvider time, IReadOnlyList<ChainLink> checkpoints)
{
    private const int Page = 500;

    /// <summary>A draft and its tidying are over by then: a younger file may still be somebody's.</summary>
    private static readonly TimeSpan OrphanAfter = PatientSessions.DraftLifetime + TimeSpan.FromHours(3);
    private readonly List<StorageProblem> _problems = [];
    private readonly HashSet<Guid> _known = [];
    private long _conversations;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<StorageProblem> Problems => _problems;

    public async Task<StorageReport> RunAsync(CancellationToken cancellation)
    {
        // What is on record is compared first, in one instant; what cannot be opened is told by the rest.
        var newest = await kept.NewestAsync(cancellation);
        var onRecord = await new RecordCheck(source, keyring).RunAsync([.. checkpoints, .. newest is null ? [] : new[] { newest.Link }], cancellation);
        _problems.AddRange((await kept.ForgedAsync(cancellation)).Select(name => new StorageProblem("forged", name)));
        _problems.AddRange((await new SealCheck(database, keyring).RunAsync((_, _) => { }, cancellation)).Broken.Select(name => new StorageProblem("unreadable", name)));
        // Marten puts tombstones, of a stream without a key, where an append failed. An event that was renamed to one is missed by the record.
        _problems.AddRange((await database.QueryAsync<Guid>(
            """
            select distinct e.stream_id from mt_events e where e.type <> 'tombstone' and not exists (select 1 from mt_doc_stream_key k where k.id = e.stream_id)
                and not exists (select 1 from mt_events t where t.stream_id = e.stream_id and t.type = 'erased')
            """, null, cancellation)).Select(stream => new StorageProblem("lost-key", $"conversation/{stream:N}")));
        for (var after = Guid.Empty; ;)
        {
            var streams = await database.QueryAsync<Guid>($"select id from mt_doc_stream_key where id > @after order by id limit {Page}", new { after }, cancellation);
            foreach (var stream in streams)
                await CheckAsync(stream, cancellation);
            if (streams.Count < Page)
                break;
            after = streams[^1];
        }
        await foreach (var message in StoredMessage.AllAsync(database, cancellation))
            if (!message.IsSound)
                _problems.Add(new("unreadable", $"message/{message.Id:N}"));
        await foreach (var name in ForgedOrders.InQueueAsync(database, keyring, cancellation))
            _problems.Add(new("forged-order", name));
        await foreach (var name in ForgedOrders.InStoreAsync(store, keyring, cancellation))
            _problems.Add(new("forged-order", name));
        await OrphansAsync(cancellation);
        var named = _problems.Select(problem => problem.Name).ToHashSet();
        _problems.InsertRange(0, onRecord.Where(found => !named.Contains(found.Name)).Select(found => new StorageProblem(found.Kind, found.Name)));
        return new(_conversations, _known.Count, _problems);
    }

    private async Task CheckAsync(Guid id, CancellationToken cancellation)
    {
        _conversations++;
        var problems = await LookAsync(id, cancellation);
        if (problems.Count > 0)
            problems = await LookAsync(id, cancellation);
        _problems.AddRange(problems);
    }

    private async Task<List<StorageProblem>> LookAsync(Guid id, CancellationToken cancellation)
    {
        var problems = new List<StorageProblem>();
        await using var scope = scopes.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        try
        {
            if (await session.Events.FetchForWriting<Conversation>(id, cancellation) is not { } stream)
                return problems; // Erased meanwhile.
            var differences = await RowCheck.DifferencesAsync(database, stream, cancellation);
            problems.AddRange(differences.Select(column => new StorageProblem("changed", $"conversation/{id:N}/{column}")));
            if (differences.Count == 0)
                await OpenRowAsync(session, id, cancellation);
            var drafts = await session.ListAsync<ReplyDraft>(id, cancellation);
            foreach (var file in drafts.SelectMany(draft => draft.Files).Concat(stream.Aggregate.Reply?.Files ?? []).DistinctBy(file => file.Id))
            {
                _known.Add(file.Id);
                if (await ProblemOfAsync(stream, file.Id, cancellation) is { } kind)
                    problems.Add(new(kind, BlobName.Of(id, file.Id)));
            }
        }
        catch (Exception e) when (!Failures.IsOutage(e) && !cancellation.IsCancellationRequested)
        {
            // Whatever it is that what is stored makes our code do: it is not what was stored.
            problems.Add(new("unreadable", $"conversation/{id:N}"));
        }
        return problems;
    }

    /// <summary>One that a version wrote which sealed none is right where its events say the same.</summary>
    private static async Task OpenRowAsync(IDocumentSession session, Guid id, CancellationToken cancellation)
    {
        try
        {
            await session.RowsAsync<ConversationRow, ConversationSummary>("where r.id = @id", new { id }, cancellation);
        }
        catch (UnsealedRowException)
        {
        }
    }

    private async Task<string?> ProblemOfAsync(IEventStream<Conversation> stream, Guid file, CancellationToken cancellation)
    {
        try
        {
            await using var content = await files.OpenAsync(stream.Id, stream.DataKey, file, cancellation);
            await content.CopyToAsync(Stream.Null, cancellation);
            return null;
        }
        catch (FileNotFoundException)
        {
            return "missing-file";
        }
        catch (DamagedFileException)
        {
            return "damaged-file";
        }
    }

    /// <summary>Files that no conversation knows of, and that are too old to be on their way.</summary>
    private async Task OrphansAsync(CancellationToken cancellation)
    {
        await foreach (var name in store.ListAsync("", cancellation))
            if (!name.StartsWith(BlobName.ErasedFolder, StringComparison.Ordinal) && !name.StartsWith(BlobName.CheckpointFolder, StringComparison.Ordinal) && Ids.Parse(name[33..]) is { } id && !_known.Contains(id) && IsOld(id))
                _problems.Add(new("orphan", name));
    }

    /// <summary>When a file was staged its id tells (UUID version 7).</summary>
    private bool IsOld(Guid id) => id.Version != 7 || Convert.ToInt64(id.ToString("N")[..12], 16) <= Instant.To(time.GetUtcNow() - OrphanAfter);
}
