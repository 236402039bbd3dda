using System.Net;
using Alba;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>The whole product in this process, in Development, with a folder and a clock of its own. Queued messages wait
/// until <see cref="DoQueuedWorkAsync"/> does them.</summary>
public class TestApp : IAsyncDisposable
{
    /// <summary>Of <c>Sms:UndoFor</c>, in all tests that are not about it: text messages leave at once.</summary>
    public const string NoUndo = "00:00:00";

    private readonly Lazy<IAlbaHost> _host;
    private readonly Lazy<PortHost> _onPort;
    private readonly bool _isGiven;
    private bool _hasPort;
    private Installation? _installation;
    private AgreeingClocks? _others;

    public TestApp() => (_host, _onPort) = (new(StartInMemory), new(() => PortHost.Start(ConfigureWebHost)));

    /// <summary>On an installation that somebody else looks after.</summary>
    internal TestApp(Installation installation) : this() => (_installation, _isGiven) = (installation, true);

    public FakeTime Time { get; } = new();

    /// <summary>What the app takes for the time.</summary>
    protected virtual TimeProvider Clock => Time;

    /// <summary>The database's clock, as far as the app asks for it, and what is on record.</summary>
    public AgreeingClocks OtherClocks => _others ??= new(Clock);

    public string DataFolder => Installed.Folder;

    /// <summary>What this app is given besides, set before first use.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Replaces parts of the outside world, set before first use.</summary>
    public Action<IServiceCollection>? Replace { get; set; }

    /// <summary>SMS and emails that were sent, newest first.</summary>
    public IReadOnlyList<CapturedMessage> Sent => Services.GetRequiredService<CapturedMessages>().NewestFirst();

    public IReadOnlyList<CapturedMessage> SentTexts => [.. Sent.Where(message => message.Channel == "sms")];

    public IReadOnlyList<CapturedMessage> SentEmails => [.. Sent.Where(message => message.Channel == "email")];

    /// <summary>Whether this is its first start, which seeds the demo; otherwise somebody did that before. Set before first use.</summary>
    public bool IsNew { get; init; }

    /// <summary>The connection string, for another process on the same database.</summary>
    public string Postgres => Installed.Postgres;

    /// <summary>With a master key of its own, an app can read nothing that another wrote.</summary>
    private Installation Installed => _installation ??=
        IsNew || Settings.ContainsKey("Encryption:MasterKey") ? Installation.Empty() : Installation.Demo();

    /// <summary>Alba's, in memory. It starts at first use.</summary>
    /// <exception cref="InvalidOperationException">The app serves on a port.</exception>
    public IAlbaHost Host => _hasPort ? throw new InvalidOperationException("This app serves on a port.") : _host.Value;

    public TestServer Server => Host.Server;

    public IServiceProvider Services => _hasPort ? _onPort.Value.Services : Host.Services;

    /// <summary>Where it serves on a port.</summary>
    public Uri Address => _hasPort ? _onPort.Value.Address : throw new InvalidOperationException("This app has no port.");

    /// <summary>Serves on a free port instead; before first use.</summary>
    public void UsePort() => _hasPort = true;

    public void StartServer() => _ = Services;

    /// <summary>A browser with an empty cookie jar.</summary>
    public virtual TestBrowser NewBrowser() => new(new CookieContainer(), Server.CreateHandler());

    /// <summary>Does everything that is due now.</summary>
    public Task DoQueuedWorkAsync() => new QueuedWork(Services).DoAsync();

    public async Task<T> WithAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Looks at the database from outside, also while the app does not answer.</summary>
    public async Task<T> BesideAsync<T>(Func<IDatabase, Task<T>> look)
    {
        await using var database = PostgresDatabase.Open(Postgres);
        return await look(database);
    }

    protected virtual void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.UseSetting("Data:Folder", DataFolder);
        builder.UseSetting("Messaging:Workers", "0");
        builder.UseSetting("Sms:UndoFor", NoUndo);
        builder.UseSetting("ConnectionStrings:Postgres", Installed.Postgres);
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
        builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new OwnClock(Clock)));
            services.Replace(ServiceDescriptor.Singleton<IOtherClocks>(OtherClocks));
            // Tests that move the clock say when it is compared with others.
            services.Remove(services.Single(service => service.ImplementationType == typeof(ClockWatch)));
            // A hundred times cheaper than what guards real passwords: sign-in is most of what many tests do.
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
            Replace?.Invoke(services);
        });
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host.IsValueCreated)
            await _host.Value.DisposeAsync();
        if (_onPort.IsValueCreated)
            await _onPort.Value.DisposeAsync();
        if (!_isGiven)
            Interlocked.Exchange(ref _installation, null)?.Delete();
    }

    private IAlbaHost StartInMemory()
    {
        // It is done when it is returned: nothing in it waits.
        var host = AlbaHost.For<Program>(ConfigureWebHost).GetAwaiter().GetResult();
        // Alba allows it; Kestrel does not.
        host.Server.AllowSynchronousIO = false;
        return host;
    }
}
