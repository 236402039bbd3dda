using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Tests.Support;

/// <summary>The whole product in this process, in Development, with a folder and a clock of its own. Queued messages wait
/// until <see cref="DoQueuedWorkAsync"/> does them.</summary>
/// <param name="folder">One that other apps had before; it stays when this app ends. Null for a new one that goes with it.</param>
public class TestApp(string? folder = null) : WebApplicationFactory<Program>
{
    private readonly string _folder = folder ?? Directory.CreateTempSubdirectory("patient-response-").FullName;

    public FakeTime Time { get; } = new();

    /// <summary>What the app takes for the time.</summary>
    protected virtual TimeProvider Clock => Time;

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>What this app is given besides, set before first use.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Replaces parts of the outside world, set before first use.</summary>
    public Action<IServiceCollection>? Replace { get; set; }

    /// <summary>SMS and emails that were sent, newest first.</summary>
    public IReadOnlyList<CapturedMessage> Sent => Services.GetRequiredService<CapturedMessages>().NewestFirst();

    public IReadOnlyList<CapturedMessage> SentTexts => [.. Sent.Where(message => message.Channel == "sms")];

    public IReadOnlyList<CapturedMessage> SentEmails => [.. Sent.Where(message => message.Channel == "email")];

    /// <summary>A browser with an empty cookie jar.</summary>
    public virtual TestBrowser NewBrowser() => new(new CookieContainer(), Server.CreateHandler());

    /// <summary>Does everything that is due now.</summary>
    public async Task DoQueuedWorkAsync()
    {
        while (await Services.GetRequiredService<MessageWorker>().ProcessOneAsync(CancellationToken.None)) { }
    }

    public async Task<T> WithAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.UseSetting("Data:Folder", DataFolder);
        builder.UseSetting("Messaging:Workers", "0");
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
        builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(Clock));
            Replace?.Invoke(services);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && folder is null && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
