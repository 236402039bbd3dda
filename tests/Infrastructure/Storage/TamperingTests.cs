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
        var stream = id.ToString("N");
        Func<Task> readStream = () => copy.FetchAsync(id);
        Func<Task> readRow = () => copy.WithAsync(session => ConversationSummary.MineAsync(session, "alice", 10, CancellationToken.None));
        Func<Task> readDocument = () => copy.WithAsync(session => session.LoadAsync<Practice>("riverside"));

        foreach (var (table, column, key, read) in new[]
        {
            ("stream_keys", "wrapped", ("stream", stream), readStream),
            ("events", "data", ("stream", stream), readStream),
            ("conversations", "data", ("id", stream), readRow),
            ("documents", "data", ("id", "riverside"), readDocument),
        })
        {
            await read();
            var whole = await started.Database.ScalarAsync<byte[]>($"select {column} from {table} where {key.Item1} = @key", new { key = key.Item2 });
            Task WriteAsync(byte[] bytes) => started.Database.ExecuteAsync($"update {table} set {column} = @bytes where {key.Item1} = @key", ("bytes", bytes), ("key", key.Item2));
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

        await RefusedAsync("update events set version = 9 where stream = @a and version = 3");
        await RefusedAsync("delete from events where stream = @a and version = 2");
        await RefusedAsync("update events set version = case version when 2 then 12 else 13 end where stream = @a and version > 1",
            "update events set version = case version when 12 then 3 else 2 end where stream = @a and version > 1");
        await RefusedAsync("update events set type = 'LinkUnlocked' where stream = @a and version = 2");
        await RefusedAsync("update events set type = 'Nonsense' where stream = @a and version = 2");
        await RefusedAsync("update events set at = at + 1 where stream = @a and version = 2");
        await RefusedAsync("update events set actor = 'patient' where stream = @a and version = 2");
        await RefusedAsync("update events set data = (select data from events where stream = @b and version = 2) where stream = @a and version = 2");
        await RefusedAsync("update stream_keys set wrapped = (select wrapped from stream_keys where stream = @b) where stream = @a",
            "update events set data = (select data from events o where o.stream = @b and o.version = events.version) where stream = @a");

        async Task RefusedAsync(params string[] changes)
        {
            var (a, b) = (await TwoEventsLaterAsync(), await TwoEventsLaterAsync());
            Assert.NotNull(await copy.FetchAsync(a));
            foreach (var sql in changes)
                await started.Database.ExecuteAsync(sql, [("a", a.ToString("N")), .. sql.Contains("@b") ? new[] { ("b", (object?)b.ToString("N")) } : []]);
            await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.FetchAsync(a));
        }

        async Task<Guid> TwoEventsLaterAsync()
        {
            var id = await copy.StartAsync();
            await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()), new ConversationOpened(copy.Time.GetUtcNow()));
            return id;
        }
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

        var lookup = await started.Database.ScalarAsync<string>("select lookup from documents where id = 'alice'");
        await started.Database.ExecuteAsync("update documents set lookup = null where id = 'alice'");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.WithAsync(session => session.LoadAsync<Clinician>("alice")));
        await started.Database.ExecuteAsync("update documents set lookup = @lookup where id = 'alice'", ("lookup", lookup));
        Assert.NotNull(await copy.WithAsync(session => session.LoadAsync<Clinician>("alice")));

        await started.Database.ExecuteAsync("update documents set data = (select data from documents where id = 'alice') where id = 'bob'");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.WithAsync(session => session.LoadAsync<Clinician>("bob")));

        await started.Database.ExecuteAsync("update conversations set data = (select data from conversations where id = @a) where id = @b", ("a", a.ToString("N")), ("b", b.ToString("N")));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.WithAsync(session => ConversationSummary.MineAsync(session, "alice", 10, CancellationToken.None)));
    }
}
