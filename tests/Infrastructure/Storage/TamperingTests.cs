using System.Security.Cryptography;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>Whatever happens to stored bytes: what comes back is right, or nothing does.</summary>
public class TamperingTests
{
    [Fact]
    public async Task A_flipped_byte_anywhere_is_an_error_and_never_wrong_data()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Store(new Practice { Id = "riverside", Name = "Riverside" }));
        var stream = id.ToString();
        Func<Task> readStream = () => copy.FetchAsync(id);
        Func<Task> readRow = () => copy.RowsOfAsync("alice");
        Func<Task> readDocument = () => copy.WithAsync(session => session.LoadAsync<Practice>("riverside"));

        foreach (var (table, select, set, key, read) in new[]
        {
            ("mt_doc_stream_key", "decode(data ->> 'Wrapped', 'base64')", "data = jsonb_set(data, '{Wrapped}', to_jsonb(translate(encode(@bytes, 'base64'), E'\\n', '')))", stream, readStream),
            ("mt_events", "bdata", "bdata = @bytes", stream, readStream),
            ("mt_doc_conversation_row", "decode(data ->> 'Data', 'base64')", "data = jsonb_set(data, '{Data}', to_jsonb(translate(encode(@bytes, 'base64'), E'\\n', '')))", stream, readRow),
            ("mt_doc_sealed", "decode(data ->> 'Data', 'base64')", "data = jsonb_set(data, '{Data}', to_jsonb(translate(encode(@bytes, 'base64'), E'\\n', '')))", "Practice/riverside", readDocument),
        })
        {
            await read();
            var idColumn = table == "mt_events" ? "stream_id" : "id";
            var whole = await started.Database.ScalarAsync<byte[]>($"select {select} from {table} where {idColumn}::text = @key", new { key });
            Task WriteAsync(byte[] bytes) => started.Database.ExecuteAsync($"update {table} set {set} where {idColumn}::text = @key", ("bytes", bytes), ("key", key));
            var step = Math.Max(1, whole.Length / 60);
            for (var at = 0; at < whole.Length; at += step)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= 1;
                await WriteAsync(changed);
                await Assert.ThrowsAnyAsync<CryptographicException>(read);
            }
            foreach (var cut in new[] { whole[..^1], whole[1..], whole[..10], [], [.. whole, 0] })
            {
                await WriteAsync(cut);
                await Assert.ThrowsAnyAsync<CryptographicException>(read);
            }
            await WriteAsync(whole);
            await read();
        }
    }

    [Fact]
    public async Task An_event_under_another_stream_version_type_time_or_name_is_refused()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());

        await RefusedAsync("delete from mt_events where stream_id = @a and version = 2");
        await RefusedAsync("delete from mt_events where stream_id = @a and version = 3");
        await RefusedAsync("update mt_events set seq_id = -seq_id where stream_id = @a and version > 1");
        await RefusedAsync("update mt_events set type = 'link_unlocked', mt_dotnet_type = replace(mt_dotnet_type, 'LinkLocked', 'LinkUnlocked') where stream_id = @a and version = 2");
        await RefusedAsync("update mt_events set type = 'nonsense', mt_dotnet_type = 'Nonsense, Nowhere' where stream_id = @a and version = 2");
        await RefusedAsync("update mt_events set bdata = null where stream_id = @a and version = 2");
        await RefusedAsync("update mt_events set bdata = (select bdata from mt_events where stream_id = @b and version = 2) where stream_id = @a and version = 2");
        await RefusedAsync("update mt_doc_stream_key set data = jsonb_set(data, '{Wrapped}', (select data -> 'Wrapped' from mt_doc_stream_key where id = @b)) where id = @a",
            "update mt_events set bdata = (select bdata from mt_events o where o.stream_id = @b and o.version = mt_events.version) where stream_id = @a");
        await RefusedAsync("update mt_events set is_archived = true where stream_id = @a and version = 3");

        // Time and actor are inside the seal: what the columns say is nobody's word.
        var told = await TwoEventsLaterAsync();
        await started.Database.ExecuteAsync("update mt_events set timestamp = timestamp + interval '1 day' where stream_id = @a", ("a", told));
        Assert.All((await copy.FetchAsync(told))!.History, e => Assert.Equal((copy.Time.GetUtcNow(), "system"), (e.At, e.Actor)));

        // Marten goes by the name of the class where it knows that one.
        await started.Database.ExecuteAsync("update mt_events set type = 'link_unlocked' where stream_id = @a and version = 2", ("a", told));
        Assert.Equal(["MessageSent", "LinkLocked", "ConversationOpened"], await copy.EventsOfAsync(told));

        // Events are opened by their order: a number in the column that keeps it changes nothing of what comes back.
        await started.Database.ExecuteAsync("update mt_events set version = 9 where stream_id = @a and version = 3", ("a", told));
        Assert.Equal([1, 2, 3], (await copy.FetchAsync(told))!.History.Select(e => e.Version));

        async Task RefusedAsync(params string[] changes)
        {
            var (a, b) = (await TwoEventsLaterAsync(), await TwoEventsLaterAsync());
            Assert.NotNull(await copy.FetchAsync(a));
            foreach (var sql in changes)
                await started.Database.ExecuteAsync(sql, [("a", a), .. sql.Contains("@b") ? new[] { ("b", (object?)b) } : []]);
            await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.FetchAsync(a));
        }

        async Task<Guid> TwoEventsLaterAsync()
        {
            var id = await copy.StartAsync();
            await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()), new ConversationOpened(copy.Time.GetUtcNow()));
            return id;
        }
    }

    /// <summary>Should two streams ever have one key.</summary>
    [Fact]
    public async Task An_event_of_another_stream_is_refused_whatever_its_key()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var (a, b) = (await copy.StartAsync(), Guid.CreateVersion7());
        var key = (await copy.FetchAsync(a))!.DataKey;
        await started.Database.SaveAsync(
            [
                new Operation(marten => marten.Insert(new StreamKey { Id = b, Wrapped = copy.Keys.Wrap(key, b.ToString("N")) })),
                new Operation(marten => marten.Events.StartStream<Conversation>(b, TestCopy.Message(b, copy.Time.GetUtcNow()))) { Appends = true },
            ], new SessionKeys { Keys = new Dictionary<Guid, byte[]> { [b] = key }, At = copy.Time.GetUtcNow(), Actor = "system" }.UseIn, CancellationToken.None);
        Assert.Equal(b, (await copy.ReadAsync(b)).Id);

        await started.Database.ExecuteAsync("update mt_events set bdata = (select bdata from mt_events where stream_id = @a) where stream_id = @b", ("a", a), ("b", b));

        await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.FetchAsync(b));
    }

    [Fact]
    public async Task A_document_or_row_under_another_name_is_refused()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var (a, b) = (await copy.StartAsync(), await copy.StartAsync());
        await copy.SaveAsync(session =>
        {
            session.Store(new Clinician { Id = "alice", Email = "alice@example.nhs.uk" });
            session.Store(new Clinician { Id = "bob", Email = "bob@example.nhs.uk" });
        });

        await RefusedAsync("update mt_doc_sealed set data = jsonb_set(data, '{Lookup}', 'null') where id = 'Clinician/alice'", session => session.LoadAsync<Clinician>("alice"));
        await RefusedAsync("update mt_doc_sealed set data = jsonb_set(data, '{Expires}', '1') where id = 'Clinician/alice'", session => session.LoadAsync<Clinician>("alice"));
        await RefusedAsync("update mt_doc_sealed set data = jsonb_set(data, '{Version}', '7') where id = 'Clinician/alice'", session => session.LoadAsync<Clinician>("alice"));
        await RefusedAsync("update mt_doc_sealed set data = jsonb_set(data, '{Data}', (select data -> 'Data' from mt_doc_sealed where id = 'Clinician/alice')) where id = 'Clinician/bob'", session => session.LoadAsync<Clinician>("bob"));
        // Bob is found under Alice's address, or stands in her place.
        await RefusedAsync("update mt_doc_sealed set lookup = reverse(lookup) where id = 'Clinician/alice';" +
            "update mt_doc_sealed set lookup = (select lookup from kept where id = 'Clinician/alice') where id = 'Clinician/bob'", session => session.FindAsync<Clinician>("alice@example.nhs.uk"));
        await RefusedAsync("update mt_doc_sealed set data = (select data from mt_doc_sealed where id = 'Clinician/bob') where id = 'Clinician/alice'", session => session.LoadAsync<Clinician>("alice"));

        await started.Database.ExecuteAsync(
            "update mt_doc_conversation_row set data = jsonb_set(data, '{Data}', (select data -> 'Data' from mt_doc_conversation_row where id = @a)) where id = @b", ("a", a), ("b", b));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.RowsOfAsync("alice"));

        async Task RefusedAsync(string change, Func<IDocumentSession, Task<Clinician?>> read)
        {
            Assert.NotNull(await copy.WithAsync(read));
            await started.Database.ExecuteAsync("create table if not exists kept as select * from mt_doc_sealed");
            foreach (var sql in change.Split(';'))
                await started.Database.ExecuteAsync(sql);
            await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.WithAsync(read));
            await started.Database.ExecuteAsync("delete from mt_doc_sealed");
            await started.Database.ExecuteAsync("insert into mt_doc_sealed select * from kept");
        }
    }
}
