using Npgsql;
using PatientResponse.Infrastructure.Storage.Embedded;

[assembly: AssemblyFixture(typeof(PatientResponse.Tests.Support.TestPostgres.CleanUp))]

namespace PatientResponse.Tests.Support;

/// <summary>The PostgreSQL server of this run: Development's own, in a folder that goes with the run, and as fast as one can be that
/// need not outlive a power cut.</summary>
internal static class TestPostgres
{
    private const string Fast =
        """
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        wal_level = minimal
        max_wal_senders = 0
        max_wal_size = 4GB
        shared_buffers = 256MB
        max_connections = 300
        """;

    /// <summary>Deleted after the last test.</summary>
    public static readonly string Folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private static readonly EmbeddedPostgres Server = new(Path.Combine(Folder, "postgres"), PostgresPrograms.Find(Repository.Root), Fast);

    private static readonly Lazy<string> Connection = new(() =>
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
        return Task.Run(Server.StartAsync).GetAwaiter().GetResult();
    });

    /// <summary>Makes an empty database, or one like another that nobody is connected to, and returns its connection string.</summary>
    public static string CreateDatabase(string? template = null) => CreateDatabase(Connection.Value, template);

    /// <summary>The same on an older server, such as a trust may have. Without one the test is skipped, and fails where CI=true.</summary>
    public static string CreateDatabaseOnOlderServer() => CreateDatabase(RequireOlderServer(), null);

    /// <summary>The connection string of Debian's server.</summary>
    public static string RequireOlderServer()
    {
        const string setting = "TEST_POSTGRES";
        if (Environment.GetEnvironmentVariable(setting) is { Length: > 0 } server)
            return server;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"Set {setting}: in CI an older server is tested too.");
        Assert.Skip($"{setting} is not set.");
        return "";
    }

    public static void DropDatabase(string connectionString) =>
        Execute(new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres" }.ToString(), $"drop database {NameIn(connectionString)} with (force)");

    public static void Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string CreateDatabase(string server, string? template)
    {
        var database = "test_" + Guid.NewGuid().ToString("N");
        Execute(server, template is null ? $"create database {database}" : $"create database {database} template {NameIn(template)}");
        // A machine that does much else at the same time may take long to connect.
        return new NpgsqlConnectionStringBuilder(server) { Database = database, Timeout = 120 }.ToString();
    }

    private static string NameIn(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static void Stop()
    {
        Server.Dispose();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>After the last test.</summary>
    public sealed class CleanUp : IDisposable
    {
        public void Dispose() => Stop();
    }
}
