using Dapper;
using Npgsql;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <param name="Kind"><c>rolled-back</c>, <c>broken</c>, <c>missing</c>, <c>changed</c>, <c>forged</c>, <c>shortened</c>, <c>older</c>, <c>came-back</c> or <c>unrecorded</c>.</param>
public sealed record RecordFinding(string Kind, string Name);

/// <summary>Compares the database with what is on record of it, as it stands in one instant: what came after the last link counts too.</summary>
public sealed class RecordCheck(NpgsqlDataSource source, Keyring keyring)
{
    private static readonly TakenAsItWas NothingTaken = new(0, "", 0);
    private readonly List<RecordFinding> _found = [];

    /// <summary>The audit entries that are there, or were named as missing, by their numbers.</summary>
    private readonly HashSet<string> _entries = [];

    /// <param name="checkpoints">Links that were written down outside the database.</param>
    /// <returns>In the order of the record: the first is the first break.</returns>
    public async Task<IReadOnlyList<RecordFinding>> RunAsync(IReadOnlyList<ChainLink> checkpoints, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var blocks = await BlocksAsync(connection, checkpoints);
        if (blocks.Count == 0)
            return _found;
        var sums = blocks.ToDictionary(block => block.N, _ => new SealSum());
        await AuditAsync(connection, blocks, sums);
        var standing = await HeadsAsync(connection, blocks, sums);
        // What was put in the place of something else is sound by itself.
        if (_found.Count == 0)
            _found.AddRange(blocks.Where(block => sums[block.N].Text != block.Seals).Select(block => new RecordFinding("changed", $"record/block/{block.N}")));
        var now = (await CurrentHeads.ReadAsync(connection)).ToDictionary(head => (head.Of, head.Name));
        _found.AddRange(HeadsCompared.Compare(standing, now));
        return _found;
    }

    /// <summary>The links of the era that counts.</summary>
    private async Task<List<Block>> BlocksAsync(NpgsqlConnection connection, IReadOnlyList<ChainLink> checkpoints)
    {
        var (key, era) = (Block.KeyOf(keyring), new List<Block>());
        var (hash, n, broken) = ("", 0L, 0L);
        var left = checkpoints.ToHashSet();
        await foreach (var row in connection.QueryUnbufferedAsync<BlockRow>("select n, data from record_blocks order by n"))
        {
            var block = Block.Open(key, row);
            if (block is { Taken: not null })
                (era, broken) = ([], 0);
            // Only the first break of a chain says where it is.
            else if (broken == 0 && (block is null || row.N != n + 1 || block.Before != hash))
                broken = n + 1;
            if (block is not null)
                era.Add(block);
            (hash, n) = (Block.HashOf(row.Data), row.N);
            left.RemoveWhere(checkpoint => checkpoint.N == row.N && checkpoint.Hash == hash);
        }
        if (broken > 0)
            _found.Add(new("broken", $"record/block/{broken}"));
        // In an era that began later, by an operator's word, what was before does not count any more.
        _found.AddRange(left.Where(checkpoint => era.Count == 0 || checkpoint.Era >= era[^1].Era).Select(checkpoint => new RecordFinding("rolled-back", $"checkpoint/{checkpoint.Era}-{checkpoint.N}")));
        return era;
    }

    private async Task AuditAsync(NpgsqlConnection connection, List<Block> blocks, Dictionary<long, SealSum> sums)
    {
        var key = AuditEntry.KeyOf(keyring);
        var taken = blocks[0].Taken ?? NothingTaken;
        var twice = (await connection.QueryAsync<long>("select unnest((array_agg(id order by id))[2:]) from audit where seal is not null group by seal having count(*) > 1")).ToHashSet();
        var expected = blocks.SelectMany(block => block.Audit.Select(entry => (entry, block.N))).ToDictionary(row => row.entry.Id);
        await foreach (var row in connection.QueryUnbufferedAsync<AuditRow>($"select {AuditRow.Columns} from audit order by id"))
        {
            var isLinked = expected.Remove(row.Id, out var link);
            if (isLinked)
                row.AddTo(sums[link.N]);
            _entries.UnionWith([row.Number, link.entry?.Number ?? row.Number]);
            if (twice.Contains(row.Id) || (!isLinked && row.Id > taken.UpTo && (row.Block > 0 || !row.IsSound(key))))
                _found.Add(new("forged", $"audit/{row.Id}"));
            else if ((isLinked || row.Seal is not null) && !row.IsSound(key))
                _found.Add(new("changed", $"audit/{row.Id}"));
        }
        _found.AddRange(expected.Keys.Order().Select(id => new RecordFinding("missing", $"audit/{id}")));
        _entries.UnionWith(expected.Values.Select(row => row.entry.Number));
        if (taken.UpTo > 0 && await AuditHash.OfAsync(connection, taken.UpTo) != taken.Hash)
            _found.Add(new("changed", $"audit/1-{taken.UpTo}"));
    }

    /// <summary>How each thing stands by the record.</summary>
    private async Task<Dictionary<(HeadOf, string), Head>> HeadsAsync(NpgsqlConnection connection, List<Block> blocks, Dictionary<long, SealSum> sums)
    {
        var key = Head.KeyOf(keyring);
        var standing = new Dictionary<(HeadOf, string), Head>();
        var twice = (await connection.QueryAsync<long>("select unnest((array_agg(id order by id))[2:]) from record_heads group by said having count(*) > 1")).ToHashSet();
        var expected = blocks.SelectMany(block => block.Heads.Select(id => (id, block.N))).ToDictionary(row => row.id, row => row.N);
        await foreach (var row in connection.QueryUnbufferedAsync<HeadRow>("select id, said, block from record_heads where id > @Heads order by id", blocks[0].Taken ?? NothingTaken))
        {
            var isLinked = expected.Remove(row.Id, out var block);
            if (isLinked)
                row.AddTo(sums[block]);
            if (twice.Contains(row.Id) || row.Read(key) is not { } heads || (!isLinked && row.Block is not null))
                _found.Add(new(isLinked ? "changed" : "forged", $"record/{row.Id}"));
            else
                foreach (var head in heads)
                    if (head.Of != HeadOf.Audit)
                        standing[(head.Of, head.Name)] = head;
                    else if (!_entries.Contains(head.Name))
                        _found.Add(new("missing", $"audit/{Instant.From(head.Version).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}"));
        }
        _found.AddRange(expected.Keys.Order().Select(id => new RecordFinding("missing", $"record/{id}")));
        return standing;
    }
}
