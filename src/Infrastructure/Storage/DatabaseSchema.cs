using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using JasperFx;
using Marten;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Our own tables by numbered scripts, Marten's by comparing; one process at a time.</summary>
internal sealed class DatabaseSchema
{
    /// <summary>Counts the changes of what Marten keeps. Raised with every one, so that a process of an earlier version leaves a newer schema alone.</summary>
    public const long MartenVersion = 1;

    /// <summary>Any fixed number: it keeps two starting processes from changing the schema at once.</summary>
    private const long Lock = 5_061_994_217;

    private readonly NpgsqlDataSource _source;
    private readonly DocumentStore _store;
    private readonly Lazy<string> _fingerprint;

    public DatabaseSchema(NpgsqlDataSource source, DocumentStore store)
    {
        (_source, _store) = (source, store);
        _fingerprint = new(() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(store.Storage.ToDatabaseScript()))));
    }

    public string Fingerprint => _fingerprint.Value;

    public async Task ApplyAsync(CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        // Of the session, not of a transaction: Marten uses connections of its own. Another copy may be at it, and a large table takes its time.
        await connection.ExecuteAsync("select pg_advisory_lock(@Lock)", new { Lock }, commandTimeout: 0);
        try
        {
            await ApplyAsync(connection, cancellation);
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@Lock)", new { Lock });
        }
    }

    public async Task<bool> IsUpToDateAsync(IDatabase database, CancellationToken cancellation)
    {
        var applied = await database.QueryAsync<Applied>("select version, fingerprint from schema_versions", null, cancellation);
        return IsKnown(applied) && !SchemaScripts.Missing(Scripts(applied)).Any();
    }

    private async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await connection.ExecuteScalarAsync<bool>("select to_regclass('public.stream_keys') is not null and to_regclass('public.events') is not null"))
            throw new OldSchemaException();
        await connection.ExecuteAsync("create table if not exists schema_versions(version bigint primary key, fingerprint text)");
        var applied = (await connection.QueryAsync<Applied>("select version, fingerprint from schema_versions")).AsList();
        foreach (var (version, sql) in SchemaScripts.Missing(Scripts(applied)))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.ExecuteAsync(sql, transaction: transaction, commandTimeout: 0);
            await connection.ExecuteAsync("insert into schema_versions(version) values(@version)", new { version }, transaction);
            await transaction.CommitAsync(cancellation);
        }
        if (IsKnown(applied))
            return;
        await _store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
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
