using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using JasperFx;
using Marten;
using Npgsql;
using Weasel.Core;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Our own tables by numbered scripts, Marten's and Wolverine's by comparing; one process at a time, in one transaction but for Wolverine's.</summary>
internal sealed class DatabaseSchema
{
    /// <summary>Counts the changes of what Marten keeps. Raised with every one, so that a process of an earlier version leaves a newer schema alone.</summary>
    public const long MartenVersion = 2;

    /// <summary>Any fixed number: it keeps two starting processes from changing the schema at once.</summary>
    private const long Lock = 5_061_994_217;

    private readonly NpgsqlDataSource _source;
    private readonly DocumentStore _store;
    private readonly Lazy<string> _fingerprint;

    public DatabaseSchema(NpgsqlDataSource source, DocumentStore store)
    {
        (_source, _store) = (source, store);
        _fingerprint = new(() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MessageStore.Version + store.Storage.ToDatabaseScript()))));
    }

    public string Fingerprint => _fingerprint.Value;

    /// <summary>All of it, or nothing: half a schema would be served by nobody. A large table takes its time.</summary>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.TakeTurnAsync(Lock, transaction);
        if (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.stream_keys') is not null and to_regclass('public.events') is not null"))
            throw new OldSchemaException();
        await connection.ExecuteAsync("create table if not exists schema_versions(version bigint primary key, fingerprint text)");
        var applied = (await connection.QueryAsync<Applied>("select version, fingerprint from schema_versions")).AsList();
        foreach (var (version, sql) in SchemaScripts.Missing(Scripts(applied)))
        {
            await connection.ExecuteAsync(sql, commandTimeout: 0);
            await connection.ExecuteAsync("insert into schema_versions(version) values(@version)", new { version });
        }
        if (!IsKnown(applied))
            await ApplyMartensAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<bool> IsUpToDateAsync(IDatabase database, CancellationToken cancellation)
    {
        var applied = await database.QueryAsync<Applied>("select version, fingerprint from schema_versions", null, cancellation);
        return IsKnown(applied) && !SchemaScripts.Missing(Scripts(applied)).Any();
    }

    /// <summary>Marten would take connections of its own, which neither wait for the lock nor know our transaction.</summary>
    private async Task ApplyMartensAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var database = _store.Storage.Database;
        var migration = await SchemaMigration.DetermineAsync(connection, database.Migrator, cancellation, [.. database.AllObjects()]);
        using var sql = new StringWriter(CultureInfo.InvariantCulture);
        migration.WriteAllUpdates(sql, database.Migrator, AutoCreate.CreateOrUpdate);
        if (migration.Difference != SchemaPatchDifference.None)
            await connection.ExecuteAsync(sql.ToString(), commandTimeout: 0);
        await MessageStore.ApplyAsync(_source);
        await connection.ExecuteAsync(
            """
            insert into schema_versions(version, fingerprint) values(@version, @Fingerprint)
            on conflict(version) do update set fingerprint = excluded.fingerprint
            """, new { version = -MartenVersion, Fingerprint });
    }

    /// <summary>Comparing costs a start most of a second: it is done when Marten would keep something else than it did, and never backwards.</summary>
    private bool IsKnown(IEnumerable<Applied> applied) =>
        applied.Any(row => row.Version < -MartenVersion || (row.Version == -MartenVersion && row.Fingerprint == Fingerprint));

    /// <summary>Marten's own versions stand below zero.</summary>
    private static IEnumerable<long> Scripts(IEnumerable<Applied> applied) => applied.Select(row => row.Version).Where(version => version > 0);

    private sealed record Applied(long Version, string? Fingerprint);
}
