using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>Sixteen clinicians' browsers send one message after the other; nothing is delivered meanwhile.</summary>
internal static class Sending
{
    public const int Clients = 16;
    public const int Each = 75;

    public static async Task<double> MeasureAsync(Version version)
    {
        await using var app = await version.StartAsync(workers: 0);
        await version.CommandAsync("practice", "set", "demo", "--cap-per-clinician", "1000000", "--cap", "1000000");
        var browsers = new List<TestBrowser>();
        for (var client = 0; client < Clients; client++)
        {
            browsers.Add(await app.SignedInAsync());
            await browsers[^1].GetAsync(Scenario.TestPatient);
        }
        await SendAsync(browsers, 5); // The code is warm after that.
        var clock = Stopwatch.StartNew();
        await SendAsync(browsers, Each);
        return Clients * Each / clock.Elapsed.TotalSeconds;
    }

    /// <summary>So many conversations of Alice's own, delivered.</summary>
    public static async Task FillAsync(Version version, int conversations)
    {
        await using var app = await version.StartAsync(workers: 4);
        await version.CommandAsync("practice", "set", "demo", "--cap-per-clinician", "1000000", "--cap", "1000000");
        var browsers = new List<TestBrowser>();
        for (var client = 0; client < 4; client++)
        {
            browsers.Add(await app.SignedInAsync());
            await browsers[^1].GetAsync(Scenario.TestPatient);
        }
        await SendAsync(browsers, conversations / browsers.Count);
        while (await version.CountAsync("select count(*) from wolverine_incoming_envelopes where message_type like '%DeliverSms'") > 0)
            await Task.Delay(200);
    }

    private static Task SendAsync(IEnumerable<TestBrowser> browsers, int each) => Task.WhenAll(browsers.Select(async browser =>
    {
        for (var i = 0; i < each; i++)
            await SendOneAsync(browser);
    }));

    /// <summary>From a page that was opened once, as if it were a new one each time.</summary>
    public static async Task SendOneAsync(TestBrowser browser)
    {
        using var request = browser.Submission("#compose", ("text", "How is your knee today?"), ("allowResponse", "true"), ("sending", Guid.CreateVersion7().ToString("N")), ("seen", $"{long.MaxValue}"));
        using var answer = await browser.SendAsync(request);
        if (answer.StatusCode != HttpStatusCode.SeeOther)
            throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>What was sent before waits, and one process with four workers delivers it.</summary>
internal static class Draining
{
    public static async Task<double[]> MeasureAsync(Version version)
    {
        const string commits = "select xact_commit from pg_stat_database where datname = current_database()";
        var isOld = await version.CountAsync("select count(*) from information_schema.tables where table_name = 'messages' and table_schema = 'public'") == 1;
        var waiting = isOld ? "select count(*) from messages where type = 'DeliverSms'" : "select count(*) from wolverine_incoming_envelopes where message_type like '%DeliverSms'";
        var all = await version.CountAsync(waiting);
        await using var app = await version.StartAsync(workers: 4);
        long left;
        // The first tenth is warming up.
        while ((left = await version.CountAsync(waiting)) > all * 9 / 10)
            await Task.Delay(20);
        var (clock, first, before) = (Stopwatch.StartNew(), left, await version.CountAsync(commits));
        while ((left = await version.CountAsync(waiting)) > all / 20)
            await Task.Delay(20);
        var took = clock.Elapsed.TotalSeconds;
        await Task.Delay(TimeSpan.FromSeconds(3)); // The server counts with a delay; what it counted since is of the rest.
        return [(first - left) / took, (await version.CountAsync(commits) - before) / (double)first];
    }
}

/// <summary>One link, asked for again and again; and the same of an app that says "Hello".</summary>
internal static class TokenPages
{
    private const int Connections = 16;
    private static readonly TimeSpan For = TimeSpan.FromSeconds(6);
    private static readonly ConcurrentDictionary<Version, string> Links = [];

    public static async Task<double[]> MeasureAsync(Version version)
    {
        await using var app = await version.StartAsync(workers: 4);
        if (!Links.TryGetValue(version, out var link))
            Links[version] = link = (await Phone.AskAsync(app, 1))[0];
        var pages = await RateAsync(new(app.Address, link));
        await using var plain = await Plain.StartAsync();
        var bare = await RateAsync(plain.Address);
        return [pages, bare, pages / bare];
    }

    private static async Task<double> RateAsync(Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, UseCookies = false });
        await CountAsync(http, address, TimeSpan.FromSeconds(2));
        return await CountAsync(http, address, For) / For.TotalSeconds;
    }

    private static async Task<double> CountAsync(HttpClient http, Uri address, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < time; count++)
                await http.GetByteArrayAsync(address);
            return count;
        })));
        return counts.Sum();
    }
}

/// <summary>Sixteen patients at a time: link, date of birth, page, answer. And one who sends five photos.</summary>
internal static class Replying
{
    private const int Clients = 16;
    private const int Each = 12;
    private const int Photo = 7_340_032;

    public static async Task<double[]> MeasureAsync(Version version)
    {
        await using var app = await version.StartAsync(workers: 4);
        var links = new ConcurrentQueue<string>(await Phone.AskAsync(app, (Clients * (Each + 2)) + 4));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ReplyAsync(app, links, 2, [])));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ReplyAsync(app, links, Each, [])));
        var rate = Clients * Each / clock.Elapsed.TotalSeconds;
        var photos = Enumerable.Range(1, 5).Select(number => ($"photo{number}.jpg", SampleFiles.Jpeg(Photo))).ToArray();
        await ReplyAsync(app, links, 1, photos);
        var uploads = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            clock.Restart();
            await ReplyAsync(app, links, 1, photos);
            uploads.Add(clock.Elapsed.TotalSeconds);
        }
        return [rate, uploads.Order().ElementAt(1)];
    }

    private static async Task ReplyAsync(RunningVersion app, ConcurrentQueue<string> links, int replies, (string, byte[])[] files)
    {
        for (var i = 0; i < replies && links.TryDequeue(out var link); i++)
        {
            var pat = app.NewBrowser();
            await pat.GetAsync(link);
            await pat.GivesDateOfBirthAsync(1, 1, 1980);
            using var answer = await pat.SendAsync(pat.FileSubmission("#reply", files, ("text", "It is much better, thank you.")));
            if (answer.StatusCode != HttpStatusCode.SeeOther)
                throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}

/// <summary>The made-up phone: how a test comes by links.</summary>
internal static class Phone
{
    public static async Task<IReadOnlyList<string>> AskAsync(RunningVersion app, int messages)
    {
        var alice = await app.SignedInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var before = (await LinksAsync(app)).Count;
        for (var i = 0; i < messages; i++)
            await Sending.SendOneAsync(alice);
        while ((await LinksAsync(app)).Count < before + messages)
            await Task.Delay(200);
        return [.. (await LinksAsync(app)).Take(messages)];
    }

    private static async Task<IReadOnlyList<string>> LinksAsync(RunningVersion app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address, "/dev/phone")) { Headers = { { "Accept", "application/json" } } };
        using var answer = JsonDocument.Parse(await (await app.NewBrowser().SendAsync(request)).Content.ReadAsStringAsync());
        return [.. answer.RootElement.EnumerateArray().Where(message => message.GetProperty("channel").GetString() == "sms").Select(message => Scenario.LinkIn(message.GetProperty("text").GetString()!))];
    }
}
