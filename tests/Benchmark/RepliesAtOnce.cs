using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Deploy;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>Acceptance 42: many replies of five full files each, all under way at once.</summary>
internal static class RepliesAtOnce
{
    private const int Files = 5;
    private const int Size = 7_340_032;
    private const string Mark = "PLAIN-WORDS-OF-A-PATIENT";

    /// <summary>A file of exactly the largest size; each copy of it differs in a few bytes after the mark.</summary>
    private static readonly byte[] Document = Marked(SampleFiles.Pdf(Size));

    public static async Task MeasureAsync(Published published, string store, int replies, Dictionary<string, string> settings)
    {
        await using var app = await MeasuredApp.StartAsync(published, settings);
        var alice = await app.AliceAsync();
        var warm = await app.AskAsync(alice);
        await ReplyAsync(app, warm.Link, 0);
        List<(string Path, string Link)> asked = [];
        for (var i = 0; i < replies; i++)
            asked.Add(await app.AskAsync(alice));
        var before = app.Memory;

        using var over = new CancellationTokenSource();
        var most = WatchAsync(app, over.Token);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(asked.Select((ask, i) => ReplyAsync(app, ask.Link, i + 1)));
        var took = clock.Elapsed;
        await over.CancelAsync();
        var grew = (await most - before) / 1_000_000.0;

        var right = 0;
        foreach (var (ask, i) in asked.Select((ask, i) => (ask, i)))
            right += await CountRightAsync(app, alice, ask.Path, i + 1);
        var plain = Directory.EnumerateFiles(app.Data, "*", SearchOption.AllDirectories).Count(Holds);
        await using var database = PostgresDatabase.Open(app.Postgres);
        plain += (await StoredBytes.OfAsync(database)).Holds(Mark) ? 1 : 0;
        Console.WriteLine($"{replies} replies of {Files} × {Size:N0} bytes at once, files in {store}:");
        Console.WriteLine($"  memory grew by {grew:N0} MB (before: {before / 1_000_000.0:N0} MB), for {replies * (double)Files * Size / 1_000_000:N0} MB of files");
        Console.WriteLine($"  {right} of {replies * Files} files came back with the right hash; {plain} files and databases hold plain words");
        Console.WriteLine($"  {took.TotalSeconds:N0} s, {replies * (double)Files * Size / 1_000_000 / took.TotalSeconds:N0} MB/s");
    }

    private static async Task ReplyAsync(MeasuredApp app, string link, int reply)
    {
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        var request = pat.Submission("#reply", ("text", $"{Mark} {reply}"));
        var form = (MultipartFormDataContent)request.Content!;
        for (var file = 0; file < Files; file++)
            form.Add(new StreamContent(new MemoryStream(Copy(reply, file)), 64 * 1024), "files", $"letter{file}.pdf");
        using var answer = await pat.SendAsync(request);
        if (answer.StatusCode != HttpStatusCode.SeeOther)
            throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<int> CountRightAsync(MeasuredApp app, TestBrowser alice, string path, int reply)
    {
        using var answer = await alice.SendAsync(new(HttpMethod.Get, new Uri(app.Address, path + "/download")));
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        var hashes = zip.Entries.Where(entry => entry.Name.EndsWith(".pdf", StringComparison.Ordinal)).Select(entry =>
        {
            using var content = entry.Open();
            return Convert.ToHexString(SHA256.HashData(content));
        }).ToHashSet();
        return Enumerable.Range(0, Files).Count(file => hashes.Contains(Convert.ToHexString(SHA256.HashData(Copy(reply, file)))));
    }

    private static async Task<long> WatchAsync(MeasuredApp app, CancellationToken over)
    {
        long most = 0;
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, app.Memory);
            await Task.Delay(50, CancellationToken.None);
        }
        return most;
    }

    private static byte[] Marked(byte[] pdf)
    {
        Encoding.ASCII.GetBytes(Mark).CopyTo(pdf, Place(pdf));
        return pdf;
    }

    /// <summary>In the middle of the noise.</summary>
    private static int Place(byte[] pdf) => pdf.Length / 2;

    private static byte[] Copy(int reply, int file)
    {
        var copy = Document.ToArray();
        Encoding.ASCII.GetBytes($"{reply:D4}{file:D4}").CopyTo(copy, Place(copy) + Mark.Length);
        return copy;
    }

    private static bool Holds(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[1 << 20];
        var mark = Encoding.ASCII.GetBytes(Mark);
        for (int kept = 0, read; (read = file.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            if (buffer.AsSpan(0, kept + read).IndexOf(mark) >= 0)
                return true;
            kept = Math.Min(mark.Length, kept + read);
            buffer.AsSpan(Math.Max(0, read - kept), kept).CopyTo(buffer);
        }
        return false;
    }
}
