using System.Runtime.ExceptionServices;
using Dapper;
using Marten;
using Marten.Exceptions;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>PostgreSQL, with Marten on the same connections.</summary>
public sealed class PostgresDatabase : IDatabase, IAsyncDisposable
{
    /// <summary>Where the connection string does not say otherwise. In seconds; a page that cannot be made is better told soon.
    /// A server takes 100 connections unless told otherwise: three copies leave room for the operator.</summary>
    private const string Defaults = "Timeout=5;Command Timeout=15;Maximum Pool Size=30;Application Name=PatientResponse;";

    /// <summary>We leave nothing in a session, so nothing has to be discarded before the next may use it, and it keeps what it has prepared.
    /// A save goes out in one piece.</summary>
    private const string Ours = "No Reset On Close=true;Max Auto Prepare=150;Write Buffer Size=32768;";

    /// <summary>Of the connections, for the queue.</summary>
    private const int Queues = 6;

    private readonly NpgsqlDataSource _source;
    private readonly DocumentStore _store;
    private readonly DatabaseSchema _schema;

    public PostgresDatabase(NpgsqlDataSource source)
    {
        _source = source;
        _store = DocumentStore.For(options =>
        {
            options.Connection(source);
            MartenSettings.Apply(options);
        });
        _schema = new(source, _store);
    }

    public static PostgresDatabase Open(string connectionString) => new(Connect(connectionString));

    public static NpgsqlDataSource Connect(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(Defaults + Ours + connectionString);
        if (settings.MaxPoolSize > 2 * Queues)
            settings.MaxPoolSize -= Queues;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Wolverine keeps locks and a name in a session, and counts on losing them when it lets go of it.</summary>
    public static NpgsqlDataSource ConnectQueue(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(Defaults + connectionString) { NoResetOnClose = false, MaxAutoPrepare = 0 };
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, Queues);
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>For what reads and writes beside Marten.</summary>
    public NpgsqlDataSource Source => _source;

    public Task ApplySchemaAsync(CancellationToken cancellation) => _schema.ApplyAsync(cancellation);

    public Task<bool> IsUpToDateAsync(CancellationToken cancellation) => _schema.IsUpToDateAsync(this, cancellation);

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation) =>
        AgainAsync(() => WriteAsync<T>(sql, parameters, cancellation));

    public Task ReadAsync(IReadOnlyList<Question> questions, CancellationToken cancellation) => AgainAsync(async () =>
    {
        await AskAsync(questions, cancellation);
        return questions;
    });

    public async Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).AsList();
    }

    public async Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        // A batch without an explicit transaction is one implicit transaction, and one round trip.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(Command(statement.CheckedSql, statement.Parameters));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (IsConflict(e))
        {
            throw new ConcurrencyException("Another writer was faster.", e);
        }
    }

    public async Task SaveAsync(IReadOnlyList<Change> changes, Action<Marten.IDocumentSession> prepare, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        // BEGIN goes out with the first command, COMMIT with the last one of Marten's batch. What has to hold is therefore checked by
        // the server, whose first error undoes everything: when rows come back, it is too late.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var commit = new CommitInBatch(changes);
        var options = Marten.Services.SessionOptions.ForTransaction(transaction);
        options.Listeners.Add(commit);
        await using var session = _store.LightweightSession(options);
        prepare(session);
        commit.Begin(session);
        try
        {
            await session.SaveChangesAsync(cancellation);
        }
        catch (Exception e) when (commit.IsDone)
        {
            throw new UnclearSaveException("It was saved, and then something went wrong.", Failed(e));
        }
        catch (Exception e) when (IsConflict(e))
        {
            throw new ConcurrencyException("Another writer was faster.", Failed(e)!);
        }
        catch (Exception e) when (Failed(e) is { } failed && failed != e)
        {
            ExceptionDispatchInfo.Throw(failed);
        }
        // Npgsql hides a time-out or an end that comes while it skips answers.
        if (!commit.IsDone)
            throw new UnclearSaveException("Nobody knows whether it was saved.");
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _source.DisposeAsync();
    }

    /// <summary>The server may have been restarted since the pool's connections were made. What only reads may be asked once more.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (NpgsqlException e) when (Lost.Is(e))
        {
            return await read();
        }
    }

    private async Task AskAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var question in questions)
            batch.BatchCommands.Add(Command(question.Sql, question.Parameters!));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var question in questions)
        {
            await question.TakeAsync(reader, cancellation);
            await reader.NextResultAsync(cancellation);
        }
    }

    private static NpgsqlBatchCommand Command(string sql, IEnumerable<KeyValuePair<string, object?>> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        return command;
    }

    /// <summary>What the server or its connection said. Marten's own exceptions around it hold the parameters of the command.</summary>
    private static NpgsqlException? Failed(Exception? e) => e as NpgsqlException ?? (e is null ? null : Failed(e.InnerException));

    private static bool IsConflict(Exception e) => e is JasperFx.ConcurrencyException or ExistingStreamIdCollisionException or InvalidStreamOperationException
        or PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.DivisionByZero
                or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
    }
        || (e.InnerException is { } inner && IsConflict(inner));
}
