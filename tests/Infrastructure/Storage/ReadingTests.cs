using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class ReadingTests
{
    [Fact]
    public async Task A_link_leads_to_its_conversation_and_to_the_practice_that_sealed_words_name()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var token = LinkToken.New();
        var id = await copy.StartAsync(token: token);
        await copy.SaveAsync(session =>
        {
            session.Store(new Practice { Id = "riverside", Name = "Riverside", ShowNameBeforeDateOfBirth = true });
            session.Store(new Practice { Id = "hillside", Name = "Hillside", ShowNameBeforeDateOfBirth = true });
        });
        Assert.Equal("Riverside", (await FindAsync())!.Shown!.Name);

        await started.Database.ExecuteAsync("update mt_doc_conversation_row set practice = 'hillside' where id = @id", ("id", id));

        Assert.Equal("Riverside", (await FindAsync())!.Shown!.Name);
        Assert.Null(await copy.WithAsync(session => LinkedConversation.FindAsync(LinkToken.New(), session, CancellationToken.None)));

        Task<LinkedConversation?> FindAsync() => copy.WithAsync(session => LinkedConversation.FindAsync(token, session, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_read_ahead_counts_once()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Store(new Practice { Id = "riverside", Name = "Before" }));

        await copy.WithAsync(async session =>
        {
            var reading = session.Read();
            reading.Ahead.Stream(id);
            reading.Ahead.Document<Practice>("riverside");
            await reading.AskAsync();
            await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()));
            await copy.WithAsync(async other =>
            {
                other.Store((await other.LoadAsync<Practice>("riverside"))! with { Name = "After" });
                await other.SaveChangesAsync();
                return true;
            });

            Assert.Equal(ConversationStatus.Open, (await session.Events.FetchForWriting<Conversation>(id))!.Aggregate.Status);
            Assert.Equal("Before", (await session.LoadAsync<Practice>("riverside"))!.Name);
            Assert.Equal(ConversationStatus.Locked, (await session.Events.FetchForWriting<Conversation>(id))!.Aggregate.Status);
            Assert.Equal("After", (await session.LoadAsync<Practice>("riverside"))!.Name);
            return true;
        });
    }

    [Fact]
    public async Task What_was_read_ahead_is_forgotten_with_a_save()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();

        await copy.WithAsync(async session =>
        {
            var reading = session.Read();
            reading.Ahead.Stream(id);
            await reading.AskAsync();
            await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()));
            session.Audit("alice", "looked", "riverside");
            await session.SaveChangesAsync();

            Assert.Equal(ConversationStatus.Locked, (await session.Events.FetchForWriting<Conversation>(id))!.Aggregate.Status);
            return true;
        });
    }

    [Fact]
    public async Task A_row_of_the_read_model_is_written_when_it_says_something_else()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        var before = await WrittenAsync();

        await copy.AppendAsync(id, new DateOfBirthRefused("a", copy.Time.GetUtcNow()));
        Assert.Equal(before, await WrittenAsync());

        await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()));
        var locked = await WrittenAsync();
        Assert.NotEqual(before[0], locked[0]);
        Assert.Equal(before[1], locked[1]);
        Assert.Equal(ConversationStatus.Locked, Assert.Single(await copy.RowsOfAsync("alice")).Status);

        // A new link is a new row, in a save of its own and in one with other events.
        await copy.AppendAsync(id, new DateOfBirthRefused("b", copy.Time.GetUtcNow()), new SmsSentAgain("again", LinkToken.New().Value, copy.Time.GetUtcNow()));
        Assert.Equal(2, await started.Database.CountAsync("mt_doc_link"));

        Task<IReadOnlyList<string>> WrittenAsync() => started.Database.QueryAsync<string>(
            "select xmin::text from mt_doc_conversation_row union all (select xmin::text from mt_doc_link order by id limit 1)", null, CancellationToken.None);
    }

    [Fact]
    public async Task Connections_keep_what_they_have_prepared_and_the_queues_own_are_reset()
    {
        await using var started = await TestDatabase.StartAsync();
        var one = started.ConnectionString + ";Maximum Pool Size=1";
        await using var ours = PostgresDatabase.Connect(one);
        await using var queues = PostgresDatabase.ConnectQueue(one);
        await using var careful = PostgresDatabase.Connect(one + ";Max Auto Prepare=0;No Reset On Close=false");

        foreach (var (source, prepared) in new[] { (ours, 1L), (queues, 0L), (careful, 0L) })
        {
            for (var i = 0; i < 6; i++)
                Assert.Equal(1, await ScalarAsync(source, "select count(*) from (select 1) one"));
            Assert.Equal(prepared, await ScalarAsync(source, "select count(*) from pg_prepared_statements where statement like '%from (select 1) one'"));
        }
        await ScalarAsync(queues, "select count(*) from set_config('application_name', 'somebody', false)");
        Assert.Equal(0, await ScalarAsync(queues, "select count(*) where current_setting('application_name') = 'somebody'"));

        static async Task<long> ScalarAsync(Npgsql.NpgsqlDataSource source, string sql)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
