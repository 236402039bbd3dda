using Npgsql;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>The engines that every statement about storage is tested on: <c>[MemberData(nameof(Engines.All), MemberType = typeof(Engines))]</c>.</summary>
public static class Engines
{
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";

    /// <summary>Names the connection string of a server where these tests may create databases.</summary>
    private const string Setting = "TEST_POSTGRES";

    public static TheoryData<string> All => new(Sqlite, Postgres);

    /// <summary>A database of this test's own, empty but for the schema. Without a server for it the test is skipped, and fails where CI=true.</summary>
    public static async Task<Engine> StartAsync(string name)
    {
        var engine = name == Sqlite ? StartSqlite() : await StartPostgresAsync();
        await engine.Database.ApplySchemaAsync(CancellationToken.None);
        return engine;
    }

    private static Engine StartSqlite()
    {
        var folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
        var database = new SqliteDatabase(Path.Combine(folder, "test.db"));
        return new(database, null, () =>
        {
            database.Dispose();
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        });
    }

    private static async Task<Engine> StartPostgresAsync()
    {
        var server = Environment.GetEnvironmentVariable(Setting);
        if (string.IsNullOrEmpty(server))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"Set {Setting}: in CI both engines are tested.");
            Assert.Skip($"{Setting} is not set.");
        }
        var database = "test_" + Guid.NewGuid().ToString("N");
        await OnServerAsync(server, $"create database {database}");
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = database }.ToString();
        var source = NpgsqlDataSource.Create(connectionString);
        return new(new PostgresDatabase(source), connectionString, async () =>
        {
            await source.DisposeAsync();
            await OnServerAsync(server, $"drop database {database} with (force)");
        });
    }

    private static async Task OnServerAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <param name="PostgresConnection">For a whole app's <c>ConnectionStrings:Postgres</c>; null on SQLite.</param>
public sealed record Engine(IDatabase Database, string? PostgresConnection, Func<Task> End) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await End();
}
