using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>Alice sends an SMS through a carrier whose answers the test writes.</summary>
public sealed class Sending : IAsyncDisposable
{
    private readonly TestDatabase _stored;

    private Sending(TestDatabase stored)
    {
        _stored = stored;
        Copy = new TestCopy(new Interrupted(Database, () => BeforeSave()), new FakeTime(), Carrier);
        Other = AnotherCopy();
    }

    public IDatabase Database => _stored.Database;

    public ScriptedCarrier Carrier { get; } = new();

    public TestCopy Copy { get; }

    /// <summary>Another copy of the process, on the same database, with the same clock and carrier; nothing interrupts it.</summary>
    public TestCopy Other { get; }

    /// <summary>What happens right before each save of <see cref="Copy"/>.</summary>
    public Func<Task> BeforeSave { get; set; } = () => Task.CompletedTask;

    public static async Task<Sending> StartAsync()
    {
        var sending = new Sending(await TestDatabase.StartAsync());
        await sending.Other.SaveAsync(session => session.Store(new Clinician { Id = "alice", Email = "alice@example.nhs.uk" }));
        return sending;
    }

    public TestCopy AnotherCopy() => new(Database, Copy.Time, Carrier);

    public async Task<Guid> SendAsync()
    {
        var id = Guid.CreateVersion7();
        await Other.SaveAsync(session =>
        {
            session.Events.StartStream<Conversation>(id, [TestCopy.Message(id, Copy.Time.GetUtcNow())]);
            session.Publish(new() { new DeliverSms(id, 1, Copy.Time.GetUtcNow()) });
        });
        return id;
    }

    /// <summary>The same message once more, as after a crash between its effect and its end. It must be harmless.</summary>
    public async Task RunAgainAsync(Guid id)
    {
        await Other.SaveAsync(session => session.Publish(new() { new DeliverSms(id, 1, Copy.Time.GetUtcNow()) }));
        await Other.DoQueuedWorkAsync();
    }

    /// <summary>Lets the time pass in small steps, with somebody at work all the while.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        for (var step = TimeSpan.FromSeconds(10); time > TimeSpan.Zero; time -= step)
        {
            step = step < time ? step : time;
            Copy.Time.Advance(step);
            if (await IsAnythingDueAsync())
                await Copy.DoQueuedWorkAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Copy.DisposeAsync();
        await Other.DisposeAsync();
        await _stored.DisposeAsync();
    }

    private async Task<bool> IsAnythingDueAsync() =>
        await Database.CountAsync($"{QueuedWork.Waiting} where execution_time <= @now", new { now = Copy.Time.GetUtcNow() }) > 0;

    private sealed class Interrupted(IDatabase database, Func<Task> beforeSave) : DatabaseInFront(database)
    {
        protected override Task BeforeSaveAsync(IReadOnlyList<Change> changes) => beforeSave();
    }
}

/// <summary>Takes every SMS unless the test says otherwise.</summary>
public sealed class ScriptedCarrier : ISmsSender
{
    public List<OutgoingSms> Calls { get; } = [];

    public Func<OutgoingSms, Task<SmsOutcome>> Answer { get; set; } = sms => Task.FromResult<SmsOutcome>(new SmsOutcome.Accepted($"{sms.AttemptId}"));

    /// <summary>What its list says; without one it keeps none.</summary>
    public Func<SmsSearch, SmsNews?>? List { get; set; }

    public List<SmsSearch> Searches { get; } = [];

    public bool KeepsList => List is not null;

    public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        lock (Calls)
            Calls.Add(sms);
        return Answer(sms);
    }

    public Task<SmsNews?> LookUpAsync(SmsSearch search, CancellationToken cancellation)
    {
        Searches.Add(search);
        return Task.FromResult(List!(search));
    }
}
