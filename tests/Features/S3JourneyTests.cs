using System.IO.Compression;
using System.Net;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features;

/// <summary>The whole job with its files in a bucket.</summary>
public sealed class S3JourneyTests
{
    [Fact]
    public async Task Pat_sends_five_files_and_Alice_downloads_each_and_all_in_a_zip()
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        await using var app = NewApp(bucket);
        Assert.Equal("ready", (await app.NewBrowser().GetAsync("/health/ready")).Source);
        var request = await app.AliceAsksAsync();
        var pat = await app.PatOpensAsync(request.Link);
        (string Name, byte[] Bytes)[] files = [.. Enumerable.Range(1, 5).Select(i => ($"letter{i}.pdf", Letter(i)))];

        Assert.Equal("Answer sent", (await pat.AnswersAsync("Five letters", files)).Heading);

        for (var i = 0; i < files.Length; i++)
            Assert.Equal(files[i].Bytes, await DownloadAsync(request.Alice, $"{request.Conversation}/files/{i + 1}"));
        using var zip = new ZipArchive(new MemoryStream(await DownloadAsync(request.Alice, $"{request.Conversation}/download")));
        foreach (var (name, bytes) in files)
        {
            await using var entry = await zip.Entries.Single(entry => entry.Name.EndsWith(name, StringComparison.Ordinal)).OpenAsync();
            using var content = new MemoryStream();
            await entry.CopyToAsync(content);
            Assert.Equal(bytes, content.ToArray());
        }

        var kept = await bucket.EverythingAsync();
        Assert.Equal(5, kept.Count(BlobName.IsOne));
        foreach (var name in kept)
            Assert.True((await bucket.ReadAsync(name)).AsSpan().IndexOf("A very private letter"u8) < 0);
        Assert.Empty(Directory.Exists(Path.Combine(app.DataFolder, "files")) ? Directory.GetFileSystemEntries(Path.Combine(app.DataFolder, "files")) : []);
        Assert.Empty(Directory.GetFiles(Path.Combine(app.DataFolder, "spool")));
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_is_taken_and_the_sweep_leaves_its_files_only()
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        await using var app = NewApp(bucket);
        var request = await app.AliceAsksAsync();
        var pats = new List<TestBrowser>();
        for (var i = 0; i < 12; i++)
            pats.Add(await app.PatOpensAsync(request.Link));

        var pages = await Task.WhenAll(pats.Select((pat, i) => Task.Run(() => pat.AnswersAsync($"Answer {i}", ("a.jpg", SampleFiles.Jpeg())))));

        Assert.Single(pages, page => page.Heading == "Answer sent");
        // An orphan, as a crash between the file and its event leaves it.
        var conversation = Guid.ParseExact(request.Conversation.Split('/')[^1], "N");
        await bucket.WriteAsync(BlobName.Of(conversation, Guid.CreateVersion7(app.Time.GetUtcNow())), [1]);
        Assert.True((await bucket.EverythingAsync()).Length > 1);
        app.Time.Advance(TimeSpan.FromHours(3));
        await app.DoQueuedWorkAsync();
        Assert.Single(await bucket.EverythingAsync());
    }

    private static TestApp NewApp(Bucket bucket)
    {
        var app = new TestApp();
        foreach (var (key, value) in bucket.AppSettings) app.Settings[key] = value;
        return app;
    }

    /// <summary>Different ones, as the same file twice is one file; of the largest size, so that each takes two parts.</summary>
    private static byte[] Letter(int number)
    {
        var bytes = SampleFiles.Of(FileKind.Pdf, FileRules.MaxBytes);
        Encoding.ASCII.GetBytes($"%A very private letter {number}\n").CopyTo(bytes, bytes.Length / 2);
        return bytes;
    }

    private static async Task<byte[]> DownloadAsync(TestBrowser browser, string address)
    {
        var response = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(browser.Page.Address, address)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
