using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class EventStreamTests
{
    [Fact]
    public async Task A_stream_comes_back_with_its_events_their_instants_and_who_caused_them()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var at = copy.Time.GetUtcNow();
        var id = await copy.StartAsync();
        copy.Time.Advance(TimeSpan.FromMinutes(1));
        await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()));

        var stream = (await copy.FetchAsync(id))!;

        Assert.Equal(["MessageSent", "LinkLocked"], stream.History.Select(e => e.Data.GetType().Name));
        Assert.Equal([at, at.AddMinutes(1)], stream.History.Select(e => e.At));
        Assert.Equal([1, 2], stream.History.Select(e => e.Version));
        Assert.All(stream.History, e => Assert.Equal("system", e.Actor));
        Assert.Equal(ConversationStatus.Locked, stream.Aggregate.Status);
        Assert.Equal("How is the cough?", stream.Aggregate.Sent.Text);
        Assert.Null(await copy.FetchAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task The_read_model_is_as_new_as_the_events()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var token = LinkToken.New();
        var id = await copy.StartAsync(token: token);
        await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()));

        var mine = Assert.Single(await copy.RowsOfAsync("alice"));

        Assert.Equal((id, "Jane Roebuck", ConversationStatus.Locked), (mine.Id, mine.PatientName, mine.Status));
        Assert.Equal(id, (await copy.WithAsync(session => LinkedConversation.FindAsync(token, session, CancellationToken.None)))!.Stream.Id);
        Assert.Equal(id, await ConversationSummary.FindByRefAsync(started.Database, id.ToString("N"), CancellationToken.None));
        Assert.Empty(await copy.RowsOfAsync("bob"));
    }

    [Fact]
    public async Task A_stream_that_exists_is_not_begun_again_and_nothing_of_the_second_try_is_kept()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        var before = await started.Database.FootprintAsync();

        await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session =>
        {
            session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, copy.Time.GetUtcNow(), text: "Another")]);
            session.Publish(new() { new DeliverSms(id, 1, copy.Time.GetUtcNow()) });
            session.Audit("alice", "sent", id.ToString("N"));
        }));

        Assert.Equal(before, await started.Database.FootprintAsync());
        Assert.Equal("How is the cough?", (await copy.ReadAsync(id)).Sent.Text);
    }

    [Fact]
    public async Task Of_two_writers_who_read_the_same_state_exactly_one_wins()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await using var other = new TestCopy(started.Database, copy.Time);
        var id = await copy.StartAsync();
        using var bothHaveRead = new Barrier(2);

        var outcomes = await Task.WhenAll(new[] { copy, other }.Select(writer => Task.Run(() => writer.WithAsync(async session =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            bothHaveRead.SignalAndWait();
            stream.AppendMany([new ConversationCancelled(copy.Time.GetUtcNow())]);
            try
            {
                await session.SaveChangesAsync();
                return true;
            }
            catch (ConcurrencyException)
            {
                return false;
            }
        }))));

        Assert.Equal(1, outcomes.Count(won => won));
        Assert.Equal(["MessageSent", "ConversationCancelled"], await copy.EventsOfAsync(id));
    }

    [Fact]
    public async Task Fifty_deciders_at_once_append_exactly_what_the_rule_allows()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();

        var allowed = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => copy.WithAsync(session => session.DecideAsync(async () =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            if (stream.Aggregate.TriesLeft == 0)
                return false;
            stream.AppendMany([new DateOfBirthRefused($"date {i}", copy.Time.GetUtcNow())]);
            await session.SaveChangesAsync();
            return true;
        })))));

        Assert.Equal(5, allowed.Count(yes => yes));
        Assert.Equal(["MessageSent", .. Enumerable.Repeat("DateOfBirthRefused", 5)], await copy.EventsOfAsync(id));
    }

    [Fact]
    public async Task Events_read_model_documents_messages_and_audit_are_saved_together_or_not_at_all()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var other = await copy.StartAsync();
        var before = await started.Database.FootprintAsync();
        var id = Guid.CreateVersion7();
        void EverythingAnd(IDocumentSession session, Statement? last)
        {
            session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, copy.Time.GetUtcNow())]);
            session.Store(new Practice { Id = "riverside", Name = "Riverside" });
            session.Publish(new() { new DeliverSms(id, 1, copy.Time.GetUtcNow()) });
            session.Audit("alice", "sent", id.ToString("N"));
            if (last is not null)
                session.Enlist(last);
        }
        var nobody = new Dictionary<string, object?> { ["id"] = "nobody" };
        var affectsNone = new Statement("update delayed_messages set since = 0 where waits_for = @id", nobody, MustAffect: 1);
        var affectsMore = new Statement("update mt_events set type = type where type <> @id", nobody, MustAffect: 1);
        var isNotUnique = new Statement("insert into mt_doc_stream_key select * from mt_doc_stream_key where id::text <> @id", nobody);
        var isBroken = new Statement("insert into audit(at, actor, action, subject, detail) values(null, 'a', 'b', 'c', @id)", nobody);

        foreach (var failing in new[] { affectsNone, affectsMore, isNotUnique })
            await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session => EverythingAnd(session, failing)));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => copy.SaveAsync(session => EverythingAnd(session, isBroken)));
        Assert.Equal(before, await started.Database.FootprintAsync());
        Assert.Null(await copy.FetchAsync(id));

        await copy.SaveAsync(session => EverythingAnd(session, null));
        Assert.Equal("stream keys 2, streams 2, events 2, conversations 2, links 2, documents 1, messages 1, audit 1, patients 0", await started.Database.FootprintAsync());
        Assert.Equal(["MessageSent"], await copy.EventsOfAsync(other));
    }

    [Fact]
    public async Task After_a_conflict_a_new_document_is_still_new()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();

        await copy.WithAsync(async session =>
        {
            var tries = 0;
            await session.DecideAsync(async () =>
            {
                var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
                if (tries++ == 0)
                    await copy.AppendAsync(id, new LinkLocked(copy.Time.GetUtcNow()));
                stream.AppendMany([new LinkUnlocked(copy.Time.GetUtcNow())]);
                session.Store(new Practice { Id = "riverside", Name = "Riverside" });
                await session.SaveChangesAsync();
                return true;
            });
            Assert.Equal(2, tries);
            return true;
        });

        Assert.Equal("Riverside", (await copy.WithAsync(session => session.LoadAsync<Practice>("riverside")))!.Name);
    }

    [Fact]
    public async Task Nothing_that_a_person_wrote_or_is_called_stands_in_the_tables_in_clear()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var token = LinkToken.New();
        var id = await copy.StartAsync(new() { new DeliverSms(Guid.NewGuid(), 1, copy.Time.GetUtcNow()) }, token);
        await copy.AppendAsync(id, new ReplyUploaded(Guid.NewGuid(), "It hurts at night", [], "fingerprint", copy.Time.GetUtcNow()));

        var stored = await StoredBytes.OfAsync(started.Database);

        Assert.True(stored.Holds(id.ToString()), "The search finds what is there in clear.");
        foreach (var secret in new[] { token.Value, token.Grouped, "cough", "It hurts at night", "Jane", "Roebuck", "9990000026", "1980-01-31", "31/01/1980", "19800131", "+447700900123", "07700900123" })
            Assert.False(stored.Holds(secret), secret);
    }
}
