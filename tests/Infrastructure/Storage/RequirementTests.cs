using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class RequirementTests
{
    private static readonly Clinician Alice = new() { Id = "alice", Email = "alice@example.nhs.uk", SecurityStamp = "first", Name = "Alice" };

    [Fact]
    public async Task Nothing_is_saved_once_what_was_required_is_gone()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(Alice));
        var error = await copy.WithAsync(async session =>
        {
            await RequireAliceAsync(session);
            await ChangeAsync(copy, alice => alice.SecurityStamp = "second");
            session.Store(new Practice { Id = "riverside" });
            return await Record.ExceptionAsync(() => session.SaveChangesAsync());
        });

        Assert.IsType<RequirementLostException>(error);
        Assert.Null(await copy.WithAsync(session => session.LoadAsync<Practice>("riverside")));
    }

    [Fact]
    public async Task Another_change_of_the_document_is_only_a_conflict()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(Alice));
        var decisions = 0;
        await copy.WithAsync(async session =>
        {
            await RequireAliceAsync(session);
            await ChangeAsync(copy, alice => alice.Name = "Alice B");
            return await session.DecideAsync(async () =>
            {
                decisions++;
                session.Store(new Practice { Id = "riverside" });
                await session.SaveChangesAsync();
                return true;
            });
        });

        Assert.Equal(2, decisions);
        Assert.NotNull(await copy.WithAsync(session => session.LoadAsync<Practice>("riverside")));
    }

    [Fact]
    public async Task Whoever_changes_the_required_document_goes_on_with_it_changed()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(Alice));
        await copy.WithAsync(async session =>
        {
            var alice = await RequireAliceAsync(session);
            alice.SecurityStamp = "second";
            session.Store(alice);
            await session.SaveChangesAsync();
            session.Store(new Practice { Id = "riverside" });
            await session.SaveChangesAsync();
            return true;
        });

        Assert.NotNull(await copy.WithAsync(session => session.LoadAsync<Practice>("riverside")));
    }

    private static async Task<Clinician> RequireAliceAsync(IDocumentSession session)
    {
        var alice = (await session.LoadAsync<Clinician>("alice"))!;
        session.Require(alice, now => now is { SecurityStamp: "first" });
        return alice;
    }

    private static Task<bool> ChangeAsync(TestCopy copy, Action<Clinician> change) => copy.WithAsync(async session =>
    {
        var alice = (await session.LoadAsync<Clinician>("alice"))!;
        change(alice);
        session.Store(alice);
        await session.SaveChangesAsync();
        return true;
    });
}
