using Npgsql;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>A database of a test's own, empty but for the schema.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly DatabaseTemplate Schema = new(connection => Task.Run(async () =>
    {
        await using var database = new PostgresDatabase(NpgsqlDataSource.Create(connection));
        await database.ApplySchemaAsync(CancellationToken.None);
    }).GetAwaiter().GetResult());

    private readonly NpgsqlDataSource _source;

    private TestDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        _source = NpgsqlDataSource.Create(connectionString);
        Database = new PostgresDatabase(_source);
    }

    public IDatabase Database { get; }

    /// <summary>For a whole app's <c>ConnectionStrings:Postgres</c>.</summary>
    public string ConnectionString { get; }

    public static Task<TestDatabase> StartAsync() => Task.FromResult(new TestDatabase(Schema.Lend()));

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        Schema.GiveBack(ConnectionString);
    }
}
