using Dapper;
using Npgsql;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The chain over the audit record and the heads. Saves write their rows and wait for nobody; here they are taken in afterwards,
/// link by link, so that one which is missing later is missed.</summary>
public sealed class Chain(NpgsqlDataSource source, Keyring keyring, TimeProvider time)
{
    /// <summary>Rows in one link.</summary>
    private const int Most = 2_000;

    /// <summary>Any fixed number: one process at a time makes a link.</summary>
    private const long Lock = 5_061_994_218;

    /// <summary>Where a row is put that nobody who has the keys wrote. No link has this number.</summary>
    private const long Nowhere = 0;

    private readonly byte[] _key = Block.KeyOf(keyring);

    /// <summary>Begins the chain of a database that has none: what is in it is taken as it is.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await connection.ExecuteScalarAsync<bool>("select exists(select 1 from record_blocks)"))
            return;
        await InTurnAsync(connection, async () =>
        {
            if (await LastAsync(connection) is not null)
                return null;
            // Rows of before, and only now: afterwards one without a seal has to agree with its events.
            await UnsealedRows.SealAsync(connection, keyring);
            return await TakeAsItIsAsync(connection, era: 1);
        }, cancellation);
    }

    /// <summary>Takes the database as it is, by an operator's word: from now on it is compared with this, and no more with what was before.</summary>
    /// <param name="era">The last one that anybody knows of.</param>
    public async Task<ChainLink> AcceptAsync(long era, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await InTurnAsync(connection, async () =>
        {
            var known = await LastRowAsync(connection) is { } last ? Block.Open(_key, last)?.Era : null;
            return await TakeAsItIsAsync(connection, Math.Max(era, known ?? 0) + 1);
        }, cancellation))!;
    }

    /// <summary>Takes in what came since.</summary>
    /// <returns>The newest link; null where there is no chain. And how many rows nobody who has the keys wrote.</returns>
    public async Task<(ChainLink? Newest, int Forged)> ExtendAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var forged = 0;
        for (var isMore = true; isMore;)
            await InTurnAsync(connection, async () =>
            {
                var (taken, bad) = await ExtendAsync(connection);
                (isMore, forged) = (taken + bad >= Most, forged + bad);
                return null;
            }, cancellation);
        return (await LastAsync(connection), forged);
    }

    /// <summary>Whether the database still has this link.</summary>
    public async Task<bool> HasAsync(ChainLink link, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<byte[]?>("select data from record_blocks where n = @N", new { link.N }) is { } data && Block.HashOf(data) == link.Hash;
    }

    private async Task<(int Taken, int Forged)> ExtendAsync(NpgsqlConnection connection)
    {
        if (await LastAsync(connection) is not { } last)
            return default;
        var (auditKey, headKey) = (AuditEntry.KeyOf(keyring), Head.KeyOf(keyring));
        // What an era began with has no number either.
        var audit = (await connection.QueryAsync<AuditRow>(
            $"select {AuditRow.Columns} from audit where block is null and id > @upTo order by id limit {Most}", new { upTo = await TakenUpToAsync(connection, last.Era) })).AsList();
        var heads = (await connection.QueryAsync<HeadRow>($"select id, said from record_heads where block is null order by id limit {Most}")).AsList();
        var forged = (Audit: audit.Where(row => !row.IsSound(auditKey)).ToList(), Heads: heads.Where(row => row.Read(headKey) is null).ToList());
        await NumberAsync(connection, Nowhere, [.. forged.Audit.Select(row => row.Id)], [.. forged.Heads.Select(row => row.Id)]);
        var sound = (Audit: audit.Except(forged.Audit).ToList(), Heads: heads.Except(forged.Heads).ToList());
        if (sound.Audit.Count + sound.Heads.Count > 0)
            await AddAsync(connection, new(last.N + 1, last.Era, Instant.To(time.GetUtcNow()), last.Hash, [.. sound.Audit.Select(row => new LinkedEntry(row.Id, row.Number))], [.. sound.Heads.Select(row => row.Id)],
                SealsOf(sound.Audit, sound.Heads)));
        return (sound.Audit.Count + sound.Heads.Count, forged.Audit.Count + forged.Heads.Count);
    }

    private async Task<ChainLink> TakeAsItIsAsync(NpgsqlConnection connection, long era)
    {
        // In the order of a save, which writes to both and waits: then nothing is on its way.
        await connection.ExecuteAsync("lock table audit in share mode; lock table record_heads in exclusive mode", commandTimeout: 0);
        var upTo = await connection.QuerySingleAsync<(long Audit, long Heads)>("select (select coalesce(max(id), 0) from audit), (select coalesce(max(id), 0) from record_heads)");
        await connection.ExecuteAsync("update record_heads set block = @Nowhere where block is null", new { Nowhere });
        var taken = new TakenAsItWas(upTo.Audit, await AuditHash.OfAsync(connection, upTo.Audit), upTo.Heads);
        var heads = new List<HeadRow>();
        foreach (var chunk in (await CurrentHeads.ReadAsync(connection)).Chunk(500))
        {
            var statement = Head.Insert(keyring, chunk);
            var id = await connection.ExecuteScalarAsync<long>(statement.Sql + " returning id", statement.Parameters);
            heads.Add(new() { Id = id, Said = (byte[])statement.Parameters["said"]! });
        }
        // What stands before, sound or not, counts no more.
        var last = await LastRowAsync(connection);
        return await AddAsync(connection, new((last?.N ?? 0) + 1, era, Instant.To(time.GetUtcNow()), last is null ? "" : Block.HashOf(last.Data), [], [.. heads.Select(row => row.Id)], SealsOf([], heads), taken));
    }

    private async Task<ChainLink> AddAsync(NpgsqlConnection connection, Block block)
    {
        var data = block.Seal(_key);
        await connection.ExecuteAsync("insert into record_blocks(n, data) values(@N, @data)", new { block.N, data });
        await NumberAsync(connection, block.N, [.. block.Audit.Select(entry => entry.Id)], block.Heads);
        return block.LinkOf(data);
    }

    private static async Task NumberAsync(NpgsqlConnection connection, long n, long[] audit, long[] heads)
    {
        if (audit.Length > 0)
            await connection.ExecuteAsync("update audit set block = @n where id = any(@audit)", new { n, audit });
        if (heads.Length > 0)
            await connection.ExecuteAsync("update record_heads set block = @n where id = any(@heads)", new { n, heads });
    }

    /// <exception cref="DamagedException">The last link is not one of ours: nothing can be added to it.</exception>
    private async Task<ChainLink?> LastAsync(NpgsqlConnection connection) =>
        await LastRowAsync(connection) is not { } row ? null : Block.Open(_key, row)?.LinkOf(row.Data) ?? throw new DamagedException($"record/block/{row.N}");

    private static Task<BlockRow?> LastRowAsync(NpgsqlConnection connection) =>
        connection.QuerySingleOrDefaultAsync<BlockRow>("select n, data from record_blocks order by n desc limit 1");

    /// <summary>The last audit entry that was there when this era began.</summary>
    private async Task<long> TakenUpToAsync(NpgsqlConnection connection, long era)
    {
        if (_upTo.Era == era)
            return _upTo.Id;
        var upTo = 0L;
        await foreach (var row in connection.QueryUnbufferedAsync<BlockRow>("select n, data from record_blocks order by n"))
            if (Block.Open(_key, row) is { Taken: { } taken } block && block.Era == era)
                upTo = taken.UpTo;
        _upTo = (era, upTo);
        return upTo;
    }

    private (long Era, long Id) _upTo;

    /// <summary>In a transaction, while no other process does the same.</summary>
    private static async Task<ChainLink?> InTurnAsync(NpgsqlConnection connection, Func<Task<ChainLink?>> work, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.TakeTurnAsync(Lock, transaction);
        var link = await work();
        await transaction.CommitAsync(cancellation);
        return link;
    }

    private static string SealsOf(IEnumerable<AuditRow> audit, IEnumerable<HeadRow> heads)
    {
        var sum = new SealSum();
        foreach (var row in audit)
            row.AddTo(sum);
        foreach (var row in heads)
            row.AddTo(sum);
        return sum.Text;
    }
}
