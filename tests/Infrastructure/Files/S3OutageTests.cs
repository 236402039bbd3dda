using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>A server that is stopped, or hangs in the middle, on a gateway of these tests' own.</summary>
public sealed class S3OutageTests : IAsyncLifetime
{
    /// <summary>Longer than <see cref="Impatient"/>, and shorter than the SDK's own patience.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(45);

    private static readonly string Name = BlobName.Of(Guid.NewGuid(), Guid.NewGuid());
    private S3Gateway gateway = null!;
    private Bucket bucket = null!;

    public async ValueTask InitializeAsync()
    {
        var server = S3Server.Get();
        gateway = new(server);
        await gateway.StartAsync();
        bucket = await server.NewBucketAsync(gateway.ServiceUrl);
    }

    public async ValueTask DisposeAsync()
    {
        bucket?.Dispose();
        if (gateway is not null) await gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_stopped_server_is_an_outage_and_when_it_is_back_the_store_works()
    {
        using var store = bucket.Store();
        await store.WriteAsync(Name, new MemoryStream([1]));
        await gateway.StopAsync();
        await S3FileStoreTests.ShouldBeAwayAsync(store);
        await gateway.StartAsync();
        await using var blob = await store.OpenReadAsync(Name);
        Assert.Equal(1, blob.Length);
    }

    [Fact]
    public async Task A_server_that_hangs_in_mid_upload_is_an_outage_and_when_it_goes_on_the_store_works()
    {
        using var store = bucket.Store(Impatient);
        await store.WriteAsync(Name, new MemoryStream(new byte[7_000_000]));
        await store.DeleteAsync(Name);
        var content = new Hanging(new byte[7_000_000], at: 6_000_000, gateway);

        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(Name, content).WaitAsync(Soon));

        Assert.True(content.HasHung);
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.OpenReadAsync(Name).WaitAsync(Soon));
        await gateway.ResumeAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(Name));
        await store.WriteAsync(Name, new MemoryStream(new byte[7_000_000]));
        await using var blob = await store.OpenReadAsync(Name);
        Assert.Equal(7_000_000, blob.Length);
    }

    [Fact]
    public async Task Pats_words_are_shown_back_while_the_server_hangs_and_the_same_link_works_afterwards()
    {
        await using var app = new TestApp { Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileStore>(_ => bucket.Store(Impatient))) };
        var request = await app.AliceAsksAsync();
        var pat = await app.PatOpensAsync(request.Link);
        await gateway.HangAsync();

        var page = await pat.AnswersAsync("It still itches", ("a.pdf", SampleFiles.Pdf(6_000_000)), ("b.jpg", SampleFiles.Jpeg()));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("It still itches", page.Text);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.NewBrowser().GetAsync("/health/ready")).Status);
        await gateway.ResumeAsync();
        // The answer before this one stands for a second.
        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ready", (await app.NewBrowser().GetAsync("/health/ready")).Source);
        pat = await app.PatOpensAsync(request.Link);
        page = await pat.AnswersAsync("It still itches", ("a.pdf", SampleFiles.Pdf(6_000_000)), ("b.jpg", SampleFiles.Jpeg()));
        Assert.Equal("Answer sent", page.Heading);
    }

    private static S3Settings Impatient(S3Settings settings) =>
        settings with { CallTimeout = TimeSpan.FromSeconds(3), TransferTimeout = TimeSpan.FromSeconds(6) };

    /// <summary>Content in whose middle the server hangs.</summary>
    private sealed class Hanging(byte[] bytes, int at, S3Gateway gateway) : ReadOnlyStream
    {
        private int given;

        public bool HasHung { get; private set; }

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (given >= at && !HasHung)
            {
                HasHung = true;
                await gateway.HangAsync();
            }
            var count = Math.Min(buffer.Length, bytes.Length - given);
            bytes.AsMemory(given, count).CopyTo(buffer);
            given += count;
            return count;
        }
    }
}
