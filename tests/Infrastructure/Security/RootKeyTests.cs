using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class RootKeyTests
{
    private static readonly byte[] New = [.. Enumerable.Repeat((byte)7, 32)];
    private static readonly byte[] Foreign = new byte[32];
    private static readonly MasterKeys Old = new(TestCopy.MasterKey, []);

    [Fact]
    public async Task After_rewrapping_the_new_master_key_alone_opens_everything_and_the_old_one_nothing()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var before = new TestCopy(started.Database, new FakeTime());
        var id = await before.StartAsync();
        await before.SaveAsync(session => session.Store(new Clinician { Id = "alice", Email = "alice@example.nhs.uk" }));

        Assert.True(await RootKey.RewrapAsync(started.Database, new(New, [TestCopy.MasterKey]), CancellationToken.None));
        Assert.False(await RootKey.RewrapAsync(started.Database, new(New, [TestCopy.MasterKey]), CancellationToken.None));

        await Assert.ThrowsAsync<WrongMasterKeyException>(() => RootKey.OpenAsync(started.Database, Old));
        await using var after = new TestCopy(started.Database, before.Time, keys: new(await RootKey.OpenAsync(started.Database, new(New, []))));
        Assert.Equal("How is the cough?", (await after.ReadAsync(id)).Sent.Text);
        Assert.Equal("alice", (await after.WithAsync(session => session.FindAsync<Clinician>("alice@example.nhs.uk")))!.Id);
        // A process that has served since before goes on.
        Assert.Equal("How is the cough?", (await before.ReadAsync(id)).Sent.Text);
    }

    [Fact]
    public async Task The_old_wrapping_is_in_no_table_any_more()
    {
        await using var started = await TestDatabase.StartAsync();
        await RootKey.OpenAsync(started.Database, Old);
        var wrapped = await started.Database.ScalarAsync<byte[]>("select wrapped from root_key");
        Assert.True((await StoredBytes.OfAsync(started.Database)).Holds(wrapped));

        await RootKey.RewrapAsync(started.Database, new(New, Old.Old.Append(Old.Current).ToList()), CancellationToken.None);

        Assert.False((await StoredBytes.OfAsync(started.Database)).Holds(wrapped));
    }

    [Fact]
    public async Task A_database_that_lost_its_root_key_is_not_given_another()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        await copy.SaveAsync(session => session.Store(new Clinician { Id = "alice", Email = "alice@example.nhs.uk" }));
        await started.Database.ExecuteAsync("delete from root_key");

        await Assert.ThrowsAsync<WrongMasterKeyException>(() => RootKey.OpenAsync(started.Database, Old));

        Assert.Equal(0, await started.Database.CountAsync("root_key"));
    }

    [Fact]
    public async Task Processes_that_begin_an_installation_at_once_share_one_random_root_key()
    {
        await using var started = await TestDatabase.StartAsync();

        var roots = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var root = await RootKey.OpenAsync(started.Database, Old);
            await using var copy = new TestCopy(started.Database, new FakeTime(), keys: new(root));
            await copy.SaveAsync(session => session.Store(new Clinician { Email = $"{Guid.NewGuid():N}@example.nhs.uk" }));
            return root;
        })));

        Assert.Single(roots.Select(Convert.ToHexString).Distinct());
        Assert.NotEqual(TestCopy.MasterKey, roots[0]);
        Assert.Equal(1, await started.Database.CountAsync("root_key"));
        Assert.False((await StoredBytes.OfAsync(started.Database)).Holds(roots[0]));
        await Assert.ThrowsAsync<WrongMasterKeyException>(() => RootKey.OpenAsync(started.Database, new(Foreign, [])));
    }
}
