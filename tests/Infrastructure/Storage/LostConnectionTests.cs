using Npgsql;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>The server was restarted: every connection of the pool is dead, and none of them knows.</summary>
public class LostConnectionTests
{
    private const int Connections = 5;

    [Fact]
    public async Task What_only_reads_is_asked_again()
    {
        await using var started = await CutAsync();

        Assert.Equal(1, await started.Database.ScalarAsync<long>("select 1::bigint"));
    }

    [Fact]
    public async Task What_is_asked_together_is_asked_again_too_and_answered_once()
    {
        await using var started = await CutAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());

        var (one, two) = await copy.WithAsync(async session =>
        {
            var reading = session.Read();
            var (one, two) = (reading.Query<int>("select 1", new { }), reading.Query<int>("select 2", new { }));
            await reading.AskAsync();
            return (one.Value, two.Value);
        });

        Assert.Equal([1], one);
        Assert.Equal([2], two);
    }

    [Fact]
    public async Task What_writes_is_not_and_costs_one_command_however_many_connections_there_were()
    {
        await using var started = await CutAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => started.Database.ExecuteAsync("delete from mt_doc_link"));

        for (var i = 0; i < Connections; i++)
            await started.Database.ExecuteAsync("delete from mt_doc_link");
    }

    [Fact]
    public async Task What_takes_too_long_is_not_asked_again()
    {
        await using var started = await TestDatabase.StartAsync();
        await started.Database.ExecuteAsync("create sequence asked");
        await using var hasty = PostgresDatabase.Open(started.ConnectionString + ";Command Timeout=1");

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => hasty.ScalarAsync<string>("select nextval('asked')::text || pg_sleep(30)::text"));

        Assert.Equal(1, await started.Database.ScalarAsync<long>("select last_value from asked"));
    }

    private static async Task<TestDatabase> CutAsync()
    {
        var started = await TestDatabase.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => started.Database.ScalarAsync<string>("select pg_sleep(0.5)::text")));
        const string others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        Assert.InRange(await started.Database.CountAsync(others[5..]), Connections - 1, Connections);
        TestPostgres.Execute(started.ConnectionString, $"select pg_terminate_backend(pid) {others}");
        return started;
    }
}
