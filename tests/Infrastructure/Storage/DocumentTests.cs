using System.Security.Cryptography;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class DocumentTests
{
    [Fact]
    public async Task A_document_is_stored_changed_found_listed_and_deleted()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(new Note("1", "one") { Lookup = "a" }));
        await copy.SaveAsync(session => session.Store(new Note("2", "two")));

        await copy.WithAsync(async session =>
        {
            var note = (await session.FindAsync<Note>("a"))!;
            session.Store(note with { Text = "changed" });
            await session.SaveChangesAsync();
            session.Store(note with { Text = "changed twice" });
            await session.SaveChangesAsync();
            return true;
        });
        Assert.Equal("changed twice", (await LoadAsync(copy, "1"))!.Text);
        Assert.Equal(["changed twice", "two"], (await copy.WithAsync(session => session.ListAsync<Note>())).Select(note => note.Text));
        Assert.Null(await copy.WithAsync(session => session.FindAsync<Note>("b")));

        await copy.SaveAsync(session => session.Delete(new Note("1", "")));
        Assert.Null(await LoadAsync(copy, "1"));
        Assert.Equal(["two"], (await copy.WithAsync(session => session.ListAsync<Note>())).Select(note => note.Text));
    }

    [Fact]
    public async Task Whoever_changes_a_document_that_changed_meanwhile_is_told()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(new Note("1", "one")));

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.WithAsync(async session =>
        {
            var note = (await session.LoadAsync<Note>("1"))!;
            await copy.WithAsync(async other =>
            {
                other.Store((await other.LoadAsync<Note>("1"))! with { Text = "theirs" });
                await other.SaveChangesAsync();
                return true;
            });
            session.Store(note with { Text = "ours" });
            await session.SaveChangesAsync();
            return true;
        }));

        Assert.Equal("theirs", (await LoadAsync(copy, "1"))!.Text);
        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session => session.Store(new Note("1", "new to me"))));
    }

    [Fact]
    public async Task Whoever_deletes_a_document_that_they_read_and_that_changed_or_went_meanwhile_is_told()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        foreach (var (id, meanwhile) in new (string, Action<IDocumentSession, Note>)[]
            { ("changed", (other, note) => other.Store(note with { Text = "theirs" })), ("gone", (other, note) => other.Delete(note)) })
        {
            await copy.SaveAsync(session => session.Store(new Note(id, "one")));
            await Assert.ThrowsAsync<ConcurrencyException>(() => copy.WithAsync(async session =>
            {
                var note = (await session.LoadAsync<Note>(id))!;
                await copy.WithAsync(async other =>
                {
                    meanwhile(other, (await other.LoadAsync<Note>(id))!);
                    await other.SaveChangesAsync();
                    return true;
                });
                session.Delete(note);
                await session.SaveChangesAsync();
                return true;
            }));
        }
        Assert.Equal("theirs", (await LoadAsync(copy, "changed"))!.Text);
    }

    [Fact]
    public async Task What_comes_last_in_one_save_is_what_holds()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        foreach (var id in new[] { "read", "unread" })
            await copy.SaveAsync(session => session.Store(new Note(id, "old")));

        await copy.WithAsync(async session =>
        {
            var read = (await session.LoadAsync<Note>("read"))!;
            session.Store(read with { Text = "changed" });
            session.Delete(read);
            session.Store(new Note("passing", "here"));
            session.Delete(new Note("passing", ""));
            session.Delete(new Note("unread", ""));
            session.Store(new Note("unread", "new"));
            session.Store(new Note("twice", "first"));
            session.Store(new Note("twice", "second"));
            await session.SaveChangesAsync();
            return true;
        });

        Assert.Equal(["twice second", "unread new"], (await copy.WithAsync(session => session.ListAsync<Note>())).Select(note => $"{note.Id} {note.Text}"));
    }

    /// <summary>Left alone, Marten would delete first, and look whether it may afterwards.</summary>
    [Fact]
    public async Task A_save_keeps_its_order_when_it_begins_a_conversation_too()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(new Note("draft", "old")));
        var id = Guid.CreateVersion7();

        await copy.WithAsync(async session =>
        {
            session.Delete((await session.LoadAsync<Note>("draft"))!);
            session.Store(new Note("twice", "first"));
            session.Store(new Note("twice", "second"));
            session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, copy.Time.GetUtcNow())]);
            await session.SaveChangesAsync();
            return true;
        });

        Assert.Equal(["twice second"], (await copy.WithAsync(session => session.ListAsync<Note>())).Select(note => $"{note.Id} {note.Text}"));
        Assert.NotNull(await copy.FetchAsync(id));
    }

    [Fact]
    public async Task Two_documents_of_one_type_never_share_a_lookup()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(new Note("1", "one") { Lookup = "a" }));

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session => session.Store(new Note("2", "two") { Lookup = "a" })));

        await copy.SaveAsync(session => session.Store(new Memo("2", null, "another type") { Lookup = "a" }));
        Assert.Equal("one", (await copy.WithAsync(session => session.FindAsync<Note>("a")))!.Text);
    }

    [Fact]
    public async Task Who_has_the_database_alone_cannot_try_out_whose_email_is_in_it()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(new Clinician { Email = "alice@example.nhs.uk" }));

        var lookup = await started.Database.ScalarAsync<string>("select lookup from mt_doc_sealed where type = 'Clinician'");

        Assert.Equal(copy.Keys.Lookup("document/Clinician", "alice@example.nhs.uk"), lookup);
    }

    [Fact]
    public async Task A_document_of_a_conversation_is_encrypted_under_its_key()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var (id, other) = (await copy.StartAsync(), await copy.StartAsync());
        await StoreMemoAsync(copy, id, "1");
        await StoreMemoAsync(copy, other, "2");
        Assert.Equal("written", Assert.Single(await copy.WithAsync(session => session.ListAsync<Memo>(id))).Text);

        await started.Database.ExecuteAsync("update mt_doc_stream_key set data = jsonb_set(data, '{Wrapped}', (select data -> 'Wrapped' from mt_doc_stream_key where id = @other)) where id = @stream",
            ("stream", id), ("other", other));

        await Assert.ThrowsAnyAsync<CryptographicException>(() => copy.WithAsync(session => session.LoadAsync<Memo>("1")));
        Assert.Equal("written", (await copy.WithAsync(session => session.LoadAsync<Memo>("2")))!.Text);
    }

    [Fact]
    public async Task A_document_cannot_join_a_conversation_that_was_erased_meanwhile()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.WithAsync(async session =>
        {
            Assert.NotNull(await session.Events.FetchForWriting<Conversation>(id));
            await copy.SaveAsync(eraser => eraser.Events.Erase<Conversation>(id, "asked"));
            session.Store(new Memo("1", id, "written"));
            await session.SaveChangesAsync();
            return true;
        }));

        Assert.Equal(0, await started.Database.CountAsync("mt_doc_sealed"));
    }

    private static Task<Note?> LoadAsync(TestCopy copy, string id) => copy.WithAsync(session => session.LoadAsync<Note>(id));

    private static Task StoreMemoAsync(TestCopy copy, Guid conversation, string id) => copy.WithAsync(async session =>
    {
        Assert.NotNull(await session.Events.FetchForWriting<Conversation>(conversation));
        session.Store(new Memo(id, conversation, "written"));
        await session.SaveChangesAsync();
        return true;
    });

    private sealed record Note(string Id, string Text) : IDocument
    {
        public string? Lookup { get; init; }
    }

    private sealed record Memo(string Id, Guid? Stream, string Text) : IDocument
    {
        public string? Lookup { get; init; }
    }
}
