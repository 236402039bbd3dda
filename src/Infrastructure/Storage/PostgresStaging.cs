using Dapper;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Binary COPY into a temporary table of this connection.</summary>
internal sealed class PostgresStaging(NpgsqlConnection connection, StagingTable table, NpgsqlBinaryImporter rows) : IStaging
{
    /// <summary>Any fixed number: one list is taken over at a time, so that its counts are true.</summary>
    private const long TakeOverLock = 5_061_994_218;
    private NpgsqlTransaction? _transaction;

    public static async Task<IStaging> StartAsync(NpgsqlConnection connection, StagingTable table, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(table.Create, cancellationToken: cancellation));
        return new PostgresStaging(connection, table, await connection.BeginBinaryImportAsync(
            $"copy {table.Name}({string.Join(", ", table.Columns)}) from stdin (format binary)", cancellation));
    }

    public async Task AddAsync(object[] row, CancellationToken cancellation)
    {
        await rows.StartRowAsync(cancellation);
        foreach (var value in row)
            await rows.WriteAsync(value, cancellation);
    }

    public async Task BeginAsync(CancellationToken cancellation)
    {
        await rows.CompleteAsync(cancellation);
        await rows.DisposeAsync();
        await connection.ExecuteAsync(new CommandDefinition($"create unique index on {table.Name}({table.Columns[0]}); analyze {table.Name}", cancellationToken: cancellation));
        _transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(@TakeOverLock)", new { TakeOverLock }, _transaction, cancellationToken: cancellation));
    }

    public async Task<T> ScalarAsync<T>(string sql, object parameters, CancellationToken cancellation) =>
        (await connection.ExecuteScalarAsync<T>(Command(sql, parameters, cancellation)))!;

    public Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellation) =>
        connection.ExecuteAsync(Command(sql, parameters, cancellation));

    public Task CommitAsync(CancellationToken cancellation) => _transaction!.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        // Without a word of completion this cancels the COPY.
        await rows.DisposeAsync();
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        // The pool takes the connection back and drops its temporary tables.
        await connection.DisposeAsync();
    }

    private CommandDefinition Command(string sql, object parameters, CancellationToken cancellation) =>
        new(sql, parameters, _transaction, commandTimeout: 0, cancellationToken: cancellation);
}
