using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_process_that_can_work_is_live_and_ready()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();

        Assert.Equal("live", (await browser.GetAsync("/health/live")).Source);
        Assert.Equal("ready", (await browser.GetAsync("/health/ready")).Source);
    }

    [Fact]
    public async Task Without_its_file_store_it_is_live_but_not_ready()
    {
        await using var app = new TestApp { Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileStore, AwayStore>()) };
        var browser = app.NewBrowser();

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync("/health/ready")).Status);
    }

    private sealed class AwayStore : IFileStore
    {
        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default) => throw Away();

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => throw Away();

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => throw Away();

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => throw Away();

        private static FileStoreUnavailableException Away() => new(new IOException());
    }
}
