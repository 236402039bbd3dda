using System.Net;
using Alba;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_process_that_can_work_is_live_and_ready()
    {
        await using var app = new TestApp();

        await SaysAsync(app, "/health/live", HttpStatusCode.OK, "live");
        await SaysAsync(app, "/health/ready", HttpStatusCode.OK, "ready");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(app.DataFolder, "files"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_its_file_store_it_is_live_but_not_ready_until_the_store_is_back()
    {
        var store = new Store();
        await using var app = WithStore(store);
        store.Answer = () => throw new FileStoreUnavailableException(new IOException("/secret/place is gone"));

        await SaysAsync(app, "/health/live", HttpStatusCode.OK, "live");
        await IsNotReadyAsync(app, "file store");
        store.Answer = () => Task.CompletedTask;
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await SaysAsync(app, "/health/ready", HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task A_file_store_that_hangs_is_given_up_after_three_seconds_and_not_asked_again_meanwhile()
    {
        var (store, hangs) = (new Store(), new TaskCompletionSource());
        await using var app = WithStore(store);
        _ = app.Services;
        store.Answer = () => hangs.Task;

        var asking = app.NewBrowser().GetAsync("/health/ready");
        while (store.Writes == 0)
            await Task.Yield();
        var began = app.Time.GetUtcNow();
        // A real database may not have answered either, before the clock was put on.
        Assert.EndsWith("file store", (await app.Time.PassUntilAsync(asking)).Source, StringComparison.Ordinal);
        // The clock goes on while the answer is on its way.
        Assert.InRange(app.Time.GetUtcNow() - began, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60));
        for (var i = 0; i < 5; i++)
            Assert.EndsWith("file store", (await app.NewBrowser().GetAsync("/health/ready")).Source, StringComparison.Ordinal);
        Assert.Equal(1, store.Writes);
        hangs.SetResult();
    }

    [Fact]
    public async Task Asking_often_puts_no_load_on_the_store()
    {
        var store = new Store();
        await using var app = WithStore(store);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.NewBrowser().GetAsync("/health/ready")));

        Assert.Equal(1, store.Writes);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await app.NewBrowser().GetAsync("/health/ready");
        Assert.Equal(2, store.Writes);
    }

    [Fact]
    public async Task A_schema_that_lacks_a_script_is_not_enough_and_one_that_is_ahead_is()
    {
        await using var app = new TestApp();
        var database = app.Services.GetRequiredService<IDatabase>();
        await database.ExecuteAsync("insert into schema_versions(version) values(1000)");
        await SaysAsync(app, "/health/ready", HttpStatusCode.OK, "ready");

        await database.ExecuteAsync("delete from schema_versions where version = 1");
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await IsNotReadyAsync(app, "schema");

        await database.ExecuteAsync("drop table schema_versions");
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await IsNotReadyAsync(app, "schema");
    }

    [Fact]
    public async Task Without_its_database_it_says_so_and_nothing_else()
    {
        var away = false;
        await using var app = new TestApp
        {
            Replace = services =>
            {
                var real = services.Single(service => service.ServiceType == typeof(IDatabase));
                services.Remove(real);
                services.AddSingleton<IDatabase>(provider => new AwayDatabase((IDatabase)real.ImplementationFactory!(provider), () => away));
            },
        };
        await SaysAsync(app, "/health/ready", HttpStatusCode.OK, "ready");

        away = true;
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await IsNotReadyAsync(app, "database, schema");
    }

    private static TestApp WithStore(Store store) => new() { Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileStore>(store)) };

    private static Task IsNotReadyAsync(TestApp app, string why) => SaysAsync(app, "/health/ready", HttpStatusCode.ServiceUnavailable, $"not ready: {why}");

    private static Task SaysAsync(TestApp app, string address, HttpStatusCode status, string words) => app.Host.Scenario(asking =>
    {
        asking.Get.Url(address);
        asking.StatusCodeShouldBe(status);
        asking.ContentShouldBe(words);
    });

    private sealed class Store : IFileStore
    {
        private int _writes;

        public Func<Task> Answer { get; set; } = () => Task.CompletedTask;

        public int Writes => _writes;

        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default)
        {
            Interlocked.Increment(ref _writes);
            return Answer();
        }

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => Task.FromResult<Stream>(new MemoryStream([1]));

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => Task.CompletedTask;

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => AsyncEnumerable.Empty<string>();
    }

    private sealed class AwayDatabase(IDatabase real, Func<bool> isAway) : DatabaseInFront(real)
    {
        protected override Task BeforeReadAsync(string what) => isAway() ? throw new TimeoutException("db.internal did not answer") : Task.CompletedTask;
    }
}
