using Dapper;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Every command is one batch, one transaction, one round trip.</summary>
public sealed class PostgresDatabase(NpgsqlDataSource source) : IDatabase, IAsyncDisposable
{
    /// <summary>Where the connection string does not say otherwise. In seconds; a page that cannot be made is better told soon.
    /// A server takes 100 connections unless told otherwise: three copies leave room for the operator.</summary>
    private const string Defaults = "Timeout=5;Command Timeout=15;Maximum Pool Size=30;Application Name=PatientResponse;";

    /// <summary>Any fixed number: it keeps two starting processes from changing the schema at once.</summary>
    private const long SchemaLock = 5_061_994_217;

    public static PostgresDatabase Open(string connectionString) => new(NpgsqlDataSource.Create(Defaults + connectionString));

    public async Task ApplySchemaAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Another copy may be at it, and a large table takes its time.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@SchemaLock)", new { SchemaLock }, transaction, commandTimeout: 0);
        await connection.ExecuteAsync("create table if not exists schema_versions(version bigint primary key)", transaction: transaction);
        var applied = await connection.QueryAsync<long>("select version from schema_versions", transaction: transaction);
        foreach (var (version, sql) in SchemaScripts.Missing(applied))
        {
            await connection.ExecuteAsync(sql, transaction: transaction, commandTimeout: 0);
            await connection.ExecuteAsync("insert into schema_versions(version) values(@version)", new { version }, transaction);
        }
        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        try
        {
            return await WriteAsync<T>(sql, parameters, cancellation);
        }
        catch (NpgsqlException e) when (IsLost(e))
        {
            // The server was restarted since the pool's connections were made. What only reads may be asked again.
            return await WriteAsync<T>(sql, parameters, cancellation);
        }
    }

    public async Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).AsList();
    }

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

    /// <summary>The connection broke, or the server is stopping or starting (class 57P). A command that took too long is something else.</summary>
    private static bool IsLost(NpgsqlException e) => e is PostgresException said
        ? said.SqlState.StartsWith("57P", StringComparison.Ordinal)
        : e.InnerException is not TimeoutException;

    private static NpgsqlParameter Parameter(string name, object? value) => value switch
    {
        null => new NpgsqlParameter(name, DBNull.Value),
        _ => new NpgsqlParameter(name, value),
    };
}
