using Npgsql;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class SchemaTests
{
    [Fact]
    public async Task Ten_processes_that_start_at_once_bring_the_schema_up_to_date_once()
    {
        await using var started = await TestDatabase.StartAsync();
        await EmptyAsync(started);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => started.Database.CountAsync("mt_events"));
        var processes = Enumerable.Range(0, 10).Select(_ => new PostgresDatabase(NpgsqlDataSource.Create(started.ConnectionString))).ToList();

        await Task.WhenAll(processes.Select(database => Task.Run(() => database.ApplySchemaAsync(CancellationToken.None))));

        Assert.Equal(1, await started.Database.CountAsync("schema_versions where version = 1"));
        Assert.Equal(1, await started.Database.CountAsync("schema_versions where fingerprint is not null"));
        Assert.Equal(Scripts + 1, await started.Database.CountAsync("schema_versions"));
        Assert.All(processes, database => Assert.True(database.IsUpToDateAsync(CancellationToken.None).GetAwaiter().GetResult()));
        await using var copy = new TestCopy(started.Database, new FakeTime());
        Assert.NotNull(await copy.FetchAsync(await copy.StartAsync()));
        foreach (var database in processes)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task A_script_that_was_not_applied_is_applied_whatever_came_later()
    {
        await using var started = await TestDatabase.StartAsync();
        await started.Database.ExecuteAsync("drop table root_key, delayed_messages, counters, audit, patients, patient_lists");
        await started.Database.ExecuteAsync("delete from schema_versions where version = 1");
        await started.Database.ExecuteAsync("insert into schema_versions(version) values(1000)");
        Assert.False(await started.Database.IsUpToDateAsync(CancellationToken.None));

        await started.Database.ApplySchemaAsync(CancellationToken.None);

        Assert.Equal(0, await started.Database.CountAsync("delayed_messages"));
        Assert.True(await started.Database.IsUpToDateAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_change_of_the_schema_that_fails_leaves_everything_as_it_was_and_the_next_start_makes_it()
    {
        await using var started = await TestDatabase.StartAsync();
        await EmptyAsync(started);
        await started.Database.ExecuteAsync("create table mt_events(stands text)");
        await started.Database.ExecuteAsync("create view in_the_way as select stands from mt_events");

        Assert.NotNull(await Record.ExceptionAsync(() => started.Database.ApplySchemaAsync(CancellationToken.None)));
        Assert.Equal("mt_events", await started.Database.ScalarAsync<string>("select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'"));

        await EmptyAsync(started);
        await started.Database.ApplySchemaAsync(CancellationToken.None);
        Assert.True(await started.Database.IsUpToDateAsync(CancellationToken.None));
    }

    /// <summary>An index on a large table takes longer than a page may.</summary>
    [Fact]
    public async Task A_change_of_the_schema_has_all_the_time_that_it_needs()
    {
        await using var started = await TestDatabase.StartAsync();
        await started.Database.ExecuteAsync("drop index mt_doc_conversation_row_idx_follows");
        await started.Database.ExecuteAsync("update schema_versions set fingerprint = 'of an earlier version' where version < 0");
        await started.Database.ExecuteAsync("create function dawdle() returns event_trigger as $$ begin perform pg_sleep(1.2); end $$ language plpgsql");
        await started.Database.ExecuteAsync("create event trigger dawdle on ddl_command_start when tag in ('CREATE INDEX') execute function dawdle()");
        await using var hasty = PostgresDatabase.Open(started.ConnectionString + ";Command Timeout=1");

        await hasty.ApplySchemaAsync(CancellationToken.None);

        Assert.True(await started.Database.IsUpToDateAsync(CancellationToken.None));
        await started.Database.ExecuteAsync("drop event trigger dawdle");
    }

    /// <summary>Comparing costs each start most of a second.</summary>
    [Fact]
    public async Task What_Marten_keeps_is_compared_only_when_it_would_keep_something_else()
    {
        await using var started = await TestDatabase.StartAsync();
        await started.Database.ExecuteAsync("drop index mt_doc_conversation_row_idx_follows");

        await started.Database.ApplySchemaAsync(CancellationToken.None);
        Assert.False(await HasIndexAsync());

        await started.Database.ExecuteAsync("update schema_versions set fingerprint = 'of an earlier version' where version < 0");
        Assert.False(await started.Database.IsUpToDateAsync(CancellationToken.None));
        await started.Database.ApplySchemaAsync(CancellationToken.None);
        Assert.True(await HasIndexAsync());

        async Task<bool> HasIndexAsync() => await started.Database.CountAsync("pg_indexes where indexname = 'mt_doc_conversation_row_idx_follows'") == 1;
    }

    [Fact]
    public async Task A_schema_that_is_ahead_is_left_alone_and_served()
    {
        await using var started = await TestDatabase.StartAsync();
        await started.Database.ExecuteAsync("alter table mt_doc_conversation_row add column of_later text");
        await started.Database.ExecuteAsync("drop index mt_doc_conversation_row_idx_follows");
        await started.Database.ExecuteAsync("delete from schema_versions where version < 0");
        await started.Database.ExecuteAsync("insert into schema_versions(version, fingerprint) values(-1000, 'of a later version')");

        await started.Database.ApplySchemaAsync(CancellationToken.None);

        Assert.Equal(0, await started.Database.CountAsync("pg_indexes where indexname = 'mt_doc_conversation_row_idx_follows'"));
        Assert.True(await started.Database.IsUpToDateAsync(CancellationToken.None));
        await using var copy = new TestCopy(started.Database, new FakeTime());
        Assert.NotNull(await copy.FetchAsync(await copy.StartAsync()));
    }

    /// <summary>When it fails, raise <c>DatabaseSchema.MartenVersion</c> and write the new fingerprint here: a process of an earlier version must know
    /// that this schema is newer than its own.</summary>
    [Fact]
    public async Task Who_changes_what_Marten_keeps_raises_its_version()
    {
        await using var started = await TestDatabase.StartAsync();

        var (version, fingerprint) = (await started.Database.QueryAsync<(long, string)>("select version, fingerprint from schema_versions where version < 0", null, CancellationToken.None)).Single();

        Assert.Equal((-2, "d7b2d45fa8008942"), (version, fingerprint[..16]));
    }

    [Fact]
    public async Task A_database_from_before_Marten_is_refused_and_nothing_in_it_changes()
    {
        await using var started = await TestDatabase.StartAsync();
        await EmptyAsync(started);
        await started.Database.ExecuteAsync("create table stream_keys(stream text)");
        await started.Database.ExecuteAsync("create table events(stream text)");
        await started.Database.ExecuteAsync("insert into events values('kept')");

        await Assert.ThrowsAsync<OldSchemaException>(() => started.Database.ApplySchemaAsync(CancellationToken.None));

        Assert.Equal("kept", await started.Database.ScalarAsync<string>("select stream from events"));
        Assert.Equal(2, await started.Database.CountAsync("pg_tables where schemaname = 'public'"));
    }

    internal static int Scripts => typeof(IDatabase).Assembly.GetManifestResourceNames().Count(name => name.StartsWith("schema/", StringComparison.Ordinal));

    private static async Task EmptyAsync(TestDatabase started)
    {
        await started.Database.ExecuteAsync("drop schema public cascade");
        await started.Database.ExecuteAsync("create schema public");
    }
}
