using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The embedded engine: one file, one writer at a time, readers beside it (write-ahead log).</summary>
public sealed class SqliteDatabase : IDatabase, IDisposable
{
    /// <summary>Extended result codes of SQLite: FOREIGNKEY, PRIMARYKEY, UNIQUE. Other constraints are broken by bugs only.</summary>
    private static readonly int[] Conflicts = [787, 1555, 2067];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _connectionString;
    private SqliteConnection? _writer;

    public SqliteDatabase(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
    }

    public string SkipLocked => "";

    public async Task ApplySchemaAsync(CancellationToken cancellation)
    {
        await InTransaction(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("create table if not exists schema_versions(version integer primary key)", transaction: transaction);
            var applied = await connection.QueryAsync<long>("select version from schema_versions", transaction: transaction);
            foreach (var (version, sql) in SchemaScripts.Missing("sqlite", applied))
            {
                await connection.ExecuteAsync(sql, transaction: transaction);
                await connection.ExecuteAsync("insert into schema_versions(version) values(@version)", new { version }, transaction);
            }
            return true;
        }, cancellation);
        // A process that was killed right after erasing something left this to the next one.
        await EmptyJournalAsync();
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).AsList();
    }

    public async Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation) =>
        await InTransaction(async (connection, transaction) =>
            (await connection.QueryAsync<T>(sql, parameters, transaction)).AsList(), cancellation);

    public async Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        try
        {
            await InTransaction(async (connection, transaction) =>
            {
                foreach (var statement in statements)
                {
                    var affected = await connection.ExecuteAsync(statement.Sql, new DynamicParameters(statement.Parameters), transaction);
                    if (statement.MustAffect is { } expected && affected != expected)
                        throw new ConcurrencyException();
                }
                return true;
            }, cancellation);
        }
        catch (SqliteException e) when (Conflicts.Contains(e.SqliteExtendedErrorCode))
        {
            throw new ConcurrencyException("Another writer was faster.", e);
        }
        if (statements.Any(statement => statement.Erases))
            await RewriteAsync();
    }

    public void Dispose()
    {
        _writer?.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
        _writing.Dispose();
    }

    private async Task<T> InTransaction<T>(Func<SqliteConnection, DbTransaction, Task<T>> work, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            _writer ??= await OpenAsync(cancellation);
            // deferred: false is BEGIN IMMEDIATE: the operator's commands may write from another process.
            await using var transaction = _writer.BeginTransaction(deferred: false);
            var result = await work(_writer, transaction);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary><c>secure_delete</c> overwrites what is deleted where it lies now. Where it lay before SQLite moved it, to balance
    /// its pages, a copy may be left: only a file that is written anew holds nothing but what is there.</summary>
    private async Task RewriteAsync()
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            _writer ??= await OpenAsync(CancellationToken.None);
            await _writer.ExecuteAsync("vacuum");
        }
        finally
        {
            _writing.Release();
        }
        await EmptyJournalAsync();
    }

    /// <summary>The write-ahead log still holds the pages as they were before. It is cut to nothing; readers hold that up for
    /// as long as their query takes.</summary>
    private async Task EmptyJournalAsync()
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            _writer ??= await OpenAsync(CancellationToken.None);
            await _writer.ExecuteAsync("pragma wal_checkpoint(truncate)");
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await connection.ExecuteAsync(
            "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on; pragma foreign_keys = on; pragma busy_timeout = 30000");
        return connection;
    }
}
