using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class ErasureTests
{
    [Fact]
    public async Task An_erased_conversation_leaves_a_tombstone_and_the_record_of_who_saw_it()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var token = LinkToken.New();
        var (id, other) = (await copy.StartAsync(token: token), await copy.StartAsync());
        await copy.WithAsync(async session =>
        {
            (await session.Events.FetchForWriting<Conversation>(id))!.AppendMany([new LinkLocked(copy.Time.GetUtcNow())]);
            session.Store(new Draft("1", id));
            session.Audit("alice", "viewed", id.ToString("N"));
            await session.SaveChangesAsync();
            return true;
        });
        var stream = new { stream = id };

        await copy.SaveAsync(session => session.Events.Erase<Conversation>(id, "past retention"));

        Assert.Null(await copy.FetchAsync(id));
        Assert.Null(await copy.WithAsync(session => LinkedConversation.FindAsync(token, session, CancellationToken.None)));
        foreach (var rows in new[] { "mt_doc_stream_key where id = @stream", "mt_doc_conversation_row where id = @stream", "mt_doc_link where stream = @stream", "mt_doc_sealed where stream = @stream" })
            Assert.Equal(0, await started.Database.CountAsync(rows, stream));
        var left = await started.Database.QueryAsync<Left>("select version, type, coalesce(data ->> 'Reason', '') as reason, coalesce(length(bdata), 0)::bigint as sealed from mt_events where stream_id = @stream order by version", stream, CancellationToken.None);
        Assert.Equal(["message_sent", "link_locked", "erased"], left.Select(row => row.Type));
        Assert.Equal(["", "", "past retention"], left.Select(row => row.Reason));
        Assert.All(left, row => Assert.Equal(0, row.Sealed));
        Assert.Equal(1, await started.Database.CountAsync("audit where subject = @subject and action = 'viewed'", new { subject = id.ToString("N") }));
        Assert.Equal("How is the cough?", (await copy.ReadAsync(other)).Sent.Text);
    }

    [Fact]
    public async Task An_erased_conversation_cannot_be_written_to_begun_again_or_erased_again()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.WithAsync(async session =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            await copy.SaveAsync(eraser => eraser.Events.Erase<Conversation>(id, "asked"));
            stream.AppendMany([new LinkLocked(copy.Time.GetUtcNow())]);
            await session.SaveChangesAsync();
            return true;
        }));
        var erased = await started.Database.FootprintAsync();

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session =>
            session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, copy.Time.GetUtcNow())])));
        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session => session.Events.Erase<Conversation>(id, "again")));
        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session => session.Events.Erase<Conversation>(Guid.NewGuid(), "never was")));

        Assert.Equal(erased, await started.Database.FootprintAsync());
        Assert.Equal(0, await started.Database.CountAsync("mt_doc_conversation_row"));
    }

    [Fact]
    public async Task Erasing_and_appending_at_once_end_with_nothing_left_of_the_conversation()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        for (var round = 0; round < 10; round++)
        {
            var id = await copy.StartAsync();
            var writing = Task.Run(() => copy.WithAsync(session => session.DecideAsync(async () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    if (await session.Events.FetchForWriting<Conversation>(id) is not { } stream)
                        return false;
                    stream.AppendMany([new ConversationOpened(copy.Time.GetUtcNow())]);
                    session.Store(new Draft(Guid.NewGuid().ToString("N"), id));
                    await session.SaveChangesAsync();
                }
                return true;
            })));
            await copy.WithAsync(session => session.DecideAsync(async () =>
            {
                session.Events.Erase<Conversation>(id, "asked");
                await session.SaveChangesAsync();
                return true;
            }));
            await writing;
            Assert.Null(await copy.FetchAsync(id));
            Assert.Equal(0, await started.Database.CountAsync("mt_events where stream_id = @id and type <> 'erased' and length(bdata) > 0", new { id }));
        }
        Assert.StartsWith("stream keys 0, streams 10, events", await started.Database.FootprintAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await started.Database.CountAsync("mt_doc_conversation_row"));
        Assert.Equal(0, await started.Database.CountAsync("mt_doc_sealed"));
    }

    [Fact]
    public async Task Erased_bytes_are_in_no_table_any_more()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var ids = new List<Guid>();
        for (var i = 0; i < 150; i++)
        {
            ids.Add(await copy.StartAsync(text: new string('x', i * 37 % 6000)));
            await copy.AppendAsync(ids[i / 2], new ConversationOpened(copy.Time.GetUtcNow()));
        }
        var erased = ids.Where((_, i) => i % 3 == 0).ToList();
        var secrets = new List<byte[]>();
        foreach (var id in erased)
        {
            var stream = new { stream = id };
            secrets.Add(await started.Database.ScalarAsync<byte[]>("select decode(data ->> 'Wrapped', 'base64') from mt_doc_stream_key where id = @stream", stream));
            secrets.Add(await started.Database.ScalarAsync<byte[]>("select decode(data ->> 'Data', 'base64') from mt_doc_conversation_row where id = @stream", stream));
            secrets.AddRange(await started.Database.QueryAsync<byte[]>("select bdata from mt_events where stream_id = @stream", stream, CancellationToken.None));
        }
        var before = await StoredBytes.OfAsync(started.Database);
        Assert.All(secrets, secret => Assert.True(before.Holds(secret)));

        foreach (var id in erased)
            await copy.SaveAsync(session => session.Events.Erase<Conversation>(id, "asked"));

        var after = await StoredBytes.OfAsync(started.Database);
        Assert.Equal(0, secrets.Count(after.Holds));
        Assert.All(ids.Except(erased), id => Assert.True(after.Holds(id.ToString())));
    }

    private sealed record Left(long Version, string Type, string Reason, long Sealed);

    private sealed record Draft(string Id, Guid? Stream) : IDocument;
}
