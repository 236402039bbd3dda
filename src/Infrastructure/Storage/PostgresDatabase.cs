using Dapper;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The engine of a trust: every command is one batch, one transaction, one round trip.</summary>
public sealed class PostgresDatabase(NpgsqlDataSource source) : IDatabase, IAsyncDisposable
{
    /// <summary>Any fixed number: it keeps two starting processes from changing the schema at once.</summary>
    private const long SchemaLock = 5_061_994_217;

    public string SkipLocked => "for update skip locked";

    public async Task ApplySchemaAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@SchemaLock)", new { SchemaLock }, transaction);
        await connection.ExecuteAsync("create table if not exists schema_versions(version bigint primary key)", transaction: transaction);
        var applied = await connection.QueryAsync<long>("select version from schema_versions", transaction: transaction);
        foreach (var (version, sql) in SchemaScripts.Missing("postgres", applied))
        {
            await connection.ExecuteAsync(sql, transaction: transaction);
            await connection.ExecuteAsync("insert into schema_versions(version) values(@version)", new { version }, transaction);
        }
        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).AsList();
    }

    public Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation) =>
        QueryAsync<T>(sql, parameters, cancellation);

    public async Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        // A batch without an explicit transaction is one implicit transaction, and one round trip.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            // A row count that is off has to undo the whole batch: dividing by zero does.
            var command = new NpgsqlBatchCommand(statement.MustAffect is { } expected
                ? $"with changed as ({statement.Sql} returning 1) select 1 / (case when (select count(*) from changed) = {expected} then 1 else 0 end)"
                : statement.Sql);
            foreach (var (name, value) in statement.Parameters)
                command.Parameters.Add(Parameter(name, value));
            batch.BatchCommands.Add(command);
        }
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation
            or PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
        {
            throw new ConcurrencyException("Another writer was faster.", e);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static NpgsqlParameter Parameter(string name, object? value) => value switch
    {
        null => new NpgsqlParameter(name, DBNull.Value),
        _ => new NpgsqlParameter(name, value),
    };
}
