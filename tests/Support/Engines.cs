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

    /// <summary>A database of this test's own, empty but for the schema.</summary>
    public static async Task<Engine> StartAsync(string name)
    {
        var engine = name == Sqlite ? StartSqlite() : StartPostgres();
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

    private static Engine StartPostgres()
    {
        var connectionString = CreateDatabase();
        var source = NpgsqlDataSource.Create(connectionString);
        return new(new PostgresDatabase(source), connectionString, async () =>
        {
            await source.DisposeAsync();
            DropDatabase(connectionString);
        });
    }

    /// <summary>Where these tests may create databases. Without it the test is skipped, and fails where CI=true.</summary>
    internal static string RequirePostgres()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } server)
            return server;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"Set {Setting}: in CI both engines are tested.");
        Assert.Skip($"{Setting} is not set.");
        return "";
    }

    /// <summary>Makes a database of the test's own, empty or like another that nobody is connected to, and returns its connection string.</summary>
    internal static string CreateDatabase(string? template = null)
    {
        var server = RequirePostgres();
        var database = "test_" + Guid.NewGuid().ToString("N");
        OnServer(template is null ? $"create database {database}" : $"create database {database} template {NameIn(template)}");
        // A machine that does much else at the same time may take long to connect.
        return new NpgsqlConnectionStringBuilder(server) { Database = database, Timeout = 120 }.ToString();
    }

    internal static void DropDatabase(string connectionString) => OnServer($"drop database {NameIn(connectionString)} with (force)");

    private static string NameIn(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static void OnServer(string sql) => Execute(Environment.GetEnvironmentVariable(Setting)!, sql);

    internal static void Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

/// <param name="PostgresConnection">For a whole app's <c>ConnectionStrings:Postgres</c>; null on SQLite.</param>
public sealed record Engine(IDatabase Database, string? PostgresConnection, Func<Task> End) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await End();
}
