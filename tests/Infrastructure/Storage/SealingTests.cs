using PatientResponse.Features;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>Whoever appends to Marten by another way than ours: no event gets into the database in clear, or where it could not be opened again.</summary>
public sealed class SealingTests
{
    private static readonly LinkLocked Locked = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task An_event_without_a_key_is_not_stored()
    {
        await RefusedAsync("LinkLocked has no key: nothing is stored in clear.", (marten, id) => marten.Events.Append(id, 2, Locked), hasKey: false);
        await RefusedAsync("LinkLocked has no key: nothing is stored in clear.", (marten, _) => marten.Events.StartStream<Conversation>(Guid.NewGuid(), Locked));
    }

    [Fact]
    public async Task An_event_of_no_aggregate_is_not_stored() =>
        await RefusedAsync("Gossip belongs to no aggregate: it would be stored in clear.", (marten, id) => marten.Events.Append(id, 2, new Gossip("Jane has a cough")));

    [Fact]
    public async Task An_event_whose_version_nobody_knows_is_not_stored() =>
        await RefusedAsync("An event is sealed under its version: append with the version that is expected.", (marten, id) => marten.Events.Append(id, Locked));

    [Fact]
    public async Task One_object_is_not_stored_as_two_events() =>
        await RefusedAsync("One event object cannot stand at two places.", (marten, id) => marten.Events.Append(id, 3, Locked, Locked));

    [Fact]
    public async Task An_event_that_comes_too_late_for_Marten_is_not_passed_over()
    {
        await using var started = await TestDatabase.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => started.Database.SaveAsync(
            [new Operation(marten => marten.Events.StartStream<Conversation>(Guid.NewGuid(), Locked))], _ => { }, CancellationToken.None));
    }

    private static async Task RefusedAsync(string message, Action<Marten.IDocumentSession, Guid> append, bool hasKey = true)
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var id = await copy.StartAsync();
        var before = await started.Database.FootprintAsync();
        var keys = new SessionKeys { Keys = new Dictionary<Guid, byte[]> { [id] = (await copy.FetchAsync(id))!.DataKey }, At = copy.Time.GetUtcNow(), Actor = "system" };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => started.Database.SaveAsync(
            [new Operation(marten => append(marten, id)) { Appends = true }], hasKey ? keys.UseIn : _ => { }, CancellationToken.None));

        Assert.Equal(message, error.Message);
        Assert.Equal(before, await started.Database.FootprintAsync());
        // What is appended as it should be is stored.
        await started.Database.SaveAsync([new Operation(marten => marten.Events.Append(id, 2, Locked)) { Appends = true }], keys.UseIn, CancellationToken.None);
        Assert.Equal(["MessageSent", "LinkLocked"], await copy.EventsOfAsync(id));
    }

    private sealed record Gossip(string Text);
}
