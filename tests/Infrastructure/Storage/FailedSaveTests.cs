using Marten.Exceptions;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Messaging;
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
}
