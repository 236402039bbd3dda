using Dapper;
using Microsoft.Data.Sqlite;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A temporary table is a file of its own in SQLite: filling it takes no lock on the database.</summary>
internal sealed class SqliteStaging : IStaging
{
    private readonly SqliteConnection _connection;
    private readonly StagingTable _table;
    private readonly SemaphoreSlim _writing;
    private readonly SqliteCommand _insert;
    private SqliteTransaction? _transaction;
    private bool _holdsWriting;

    /// <param name="connection">Not pooled: closing it drops the table.</param>
    /// <param name="writing">The lock that the writers of this process take.</param>
    public SqliteStaging(SqliteConnection connection, StagingTable table, SemaphoreSlim writing)
    {
        (_connection, _table, _writing) = (connection, table, writing);
        connection.Execute($"pragma cache_size = -32768; {table.Create}");
        _insert = connection.CreateCommand();
        _insert.CommandText = $"insert into temp.{table.Name} values({string.Join(", ", table.Columns.Select((_, i) => $"@p{i}"))})";
        for (var i = 0; i < table.Columns.Length; i++)
            _insert.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
        _insert.Transaction = _transaction = connection.BeginTransaction(deferred: true);
        _insert.Prepare();
    }

    public Task AddAsync(object[] row, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var i = 0; i < row.Length; i++)
            _insert.Parameters[i].Value = row[i];
        _insert.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public async Task BeginAsync(CancellationToken cancellation)
    {
        await _transaction!.CommitAsync(cancellation);
        await _transaction.DisposeAsync();
        _transaction = null;
        await _connection.ExecuteAsync($"create unique index temp.{_table.Name}_key on {_table.Name}({_table.Columns[0]})");
        await _writing.WaitAsync(cancellation);
        _holdsWriting = true;
        _transaction = _connection.BeginTransaction(deferred: false);
    }

    public async Task<T> ScalarAsync<T>(string sql, object parameters, CancellationToken cancellation) =>
        (await _connection.ExecuteScalarAsync<T>(sql, parameters, _transaction))!;

    public Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _connection.ExecuteAsync(sql, parameters, _transaction);
    }

    public Task CommitAsync(CancellationToken cancellation) => _transaction!.CommitAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        if (_holdsWriting)
            _writing.Release();
        _holdsWriting = false;
    }
}
