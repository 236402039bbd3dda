using Marten.Exceptions;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>Exceptions are logged, by us and by frameworks.</summary>
public sealed class FailedSaveTests
{
    [Fact]
    public async Task What_went_wrong_with_a_save_says_nothing_of_what_was_to_be_saved()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        var isBroken = new Statement("insert into audit(at, actor, action, subject, detail) values(null, 'a', 'b', 'c', @name)", new Dictionary<string, object?> { ["name"] = "Jane Roebuck" });

        foreach (var (meant, error) in new[]
        {
            (typeof(PostgresException), await Record.ExceptionAsync(() => copy.SaveAsync(session =>
            {
                session.Events.StartStream<Conversation>(Guid.NewGuid(), [TestCopy.Message(Guid.NewGuid(), copy.Time.GetUtcNow())]);
                session.Enlist(isBroken);
            }))),
            (typeof(ConcurrencyException), await Record.ExceptionAsync(() => copy.SaveAsync(session =>
            {
                session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, copy.Time.GetUtcNow())]);
                session.Publish(new() { new DeliverSms(id, 1, copy.Time.GetUtcNow()) });
            }))),
            (typeof(PostgresException), await Record.ExceptionAsync(() => copy.WithAsync(session =>
                session.RowsAsync<ConversationRow, ConversationSummary>("where r.requester = @name and 1 / 0 = 1", new { name = "Jane Roebuck" })))),
        })
        {
            Assert.IsType(meant, error);
            for (var inner = error; inner is not null; inner = inner.InnerException)
            {
                Assert.IsNotType<MartenCommandException>(inner);
                Assert.DoesNotContain("Jane", inner.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain("cough", inner.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Whoever_is_told_that_another_was_faster_has_saved_nothing()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        await copy.SaveAsync(session => session.Store(new Practice { Id = "riverside", Name = "Riverside" }));

        await RefusedAsync(session => session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, copy.Time.GetUtcNow())]));
        await RefusedAsync(session => session.Events.Erase<Conversation>(id, "asked", version: 7));
        // Marten inserts "on conflict do nothing", and finds out when it reads the answer.
        await RefusedAsync(session => session.Store(new Practice { Id = "riverside", Name = "Another" }));
        foreach (var change in new Action<Marten.IDocumentSession>[]
        {
            marten => marten.Insert(new StreamKey { Id = id, Wrapped = [1] }),
            marten => marten.Update(new StreamKey { Id = Guid.NewGuid(), Wrapped = [1] }),
        })
            await Assert.ThrowsAsync<ConcurrencyException>(() => SaveAsync(started.Database, Looked, new Operation(change)));
        Assert.Equal(0, await started.Database.CountAsync("audit"));
        Assert.Equal("Riverside", (await copy.WithAsync(session => session.LoadAsync<Practice>("riverside")))!.Name);
        Assert.Equal(["MessageSent"], await copy.EventsOfAsync(id));

        async Task RefusedAsync(Action<IDocumentSession> change)
        {
            await Assert.ThrowsAsync<ConcurrencyException>(() => copy.SaveAsync(session =>
            {
                session.Audit("alice", "looked", "riverside");
                session.Publish(new() { new DeliverSms(id, 1, copy.Time.GetUtcNow()) });
                change(session);
            }));
            Assert.Equal(0, await started.Database.CountAsync("audit"));
            Assert.Equal(0, await started.Database.CountAsync(QueuedWork.Waiting));
        }
    }

    [Fact]
    public async Task What_was_saved_and_then_refused_is_never_decided_again()
    {
        await using var started = await TestDatabase.StartAsync();

        await Assert.ThrowsAsync<UnclearSaveException>(() => SaveAsync(started.Database, Looked, new Operation(marten => marten.QueueOperation(new RefusedAfterwards()))));

        Assert.Equal(1, await started.Database.CountAsync("audit"));
    }

    [Fact]
    public async Task A_save_whose_answers_are_not_understood_is_not_taken_for_one_that_was_done()
    {
        await using var started = await TestDatabase.StartAsync();

        // It answers with a row and says that it gives none: what follows is read one answer late.
        await Assert.ThrowsAsync<UnclearSaveException>(() => SaveAsync(started.Database, Looked, new Statement("select 1", new Dictionary<string, object?>())));
    }

    private static readonly Statement Looked = new("insert into audit(at, actor, action, subject, detail) values(1, 'alice', 'looked', 'riverside', '')", new Dictionary<string, object?>());

    private static Task SaveAsync(IDatabase database, params Change[] changes) => database.SaveAsync(changes, _ => { }, CancellationToken.None);

    /// <summary>Changes nothing, and complains about it when the answer is read.</summary>
    private sealed class RefusedAfterwards : Marten.Internal.Operations.IStorageOperation
    {
        public Type DocumentType => typeof(Marten.Storage.StorageFeatures);

        public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, Weasel.Storage.IStorageSession session) => builder.Append("select 1 where false");

        public Task PostprocessAsync(System.Data.Common.DbDataReader reader, IList<Exception> exceptions, CancellationToken token)
        {
            exceptions.Add(new JasperFx.ConcurrencyException("Too late.", null!, null!));
            return Task.CompletedTask;
        }

        public Weasel.Core.OperationRole Role() => Weasel.Core.OperationRole.Other;
    }
}
