using System.Diagnostics;
using System.Text.Json;
using PatientResponse.Tests.Browser;
using PatientResponse.Tests.Deploy;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>What Lighthouse says of the patient's two pages, on slow networks and processors.</summary>
internal static class Lighthouse
{
    private const string SlowProcessor = "--throttling.cpuSlowdownMultiplier=6";

    private static readonly (string Name, string[] Options)[] Profiles =
    [
        // As Lighthouse has a phone by itself.
        ("150 ms a round trip, 1.6 Mbit/s, processor 4 times as slow", ["--throttling-method=simulate"]),
        // As WebPageTest has slow 3G, on the network that Lighthouse models.
        ("400 ms a round trip, 400 kbit/s, processor 6 times as slow", [SlowProcessor, "--throttling-method=simulate", "--throttling.rttMs=400", "--throttling.throughputKbps=400"]),
        // As Chromium's developer tools have it.
        ("2 s a request, 400 kbit/s, processor 6 times as slow", [SlowProcessor, "--throttling-method=devtools", "--throttling.requestLatencyMs=2000", "--throttling.downloadThroughputKbps=400", "--throttling.uploadThroughputKbps=400"]),
    ];

    private static readonly string[] Options =
    [
        "--only-categories=performance,accessibility,best-practices", "--output=json", "--quiet", "--chrome-flags=--headless=new --no-sandbox",
    ];

    public static async Task MeasureAsync(Published published)
    {
        await using var app = await MeasuredApp.StartAsync(published, []);
        var (_, link) = await app.AskAsync(await app.AliceAsync());
        await ReportAsync("date of birth", new Uri(app.Address, link), "");
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        var reply = (await pat.GivesDateOfBirthAsync(1, 1, 1980)).Address;
        await ReportAsync("reply", reply, pat.Cookies.GetCookieHeader(reply));
    }

    private static async Task ReportAsync(string page, Uri address, string cookies)
    {
        foreach (var (name, options) in Profiles)
            await ReportAsync($"{page}, {name}", options, address, cookies);
    }

    private static async Task ReportAsync(string page, string[] profile, Uri address, string cookies)
    {
        var start = new ProcessStartInfo("node", [
            "tests/Benchmark/lighthouse/node_modules/lighthouse/cli/index.js", address.AbsoluteUri, .. profile, .. Options,
            $"--extra-headers={JsonSerializer.Serialize(cookies.Length == 0 ? new Dictionary<string, string>() : new() { ["Cookie"] = cookies })}"])
        { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        start.Environment["CHROME_PATH"] = Chromium.Executable;
        using var node = Process.Start(start)!;
        using var report = JsonDocument.Parse(await node.StandardOutput.ReadToEndAsync());
        var (categories, audits) = (report.RootElement.GetProperty("categories"), report.RootElement.GetProperty("audits"));
        Console.WriteLine($"Lighthouse, {page}: " + string.Join(", ", categories.EnumerateObject().Select(category => $"{category.Name} {category.Value.GetProperty("score").GetDouble() * 100:N0}")));
        foreach (var figure in (string[])["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "total-byte-weight"])
            Console.WriteLine($"  {figure}: {audits.GetProperty(figure).GetProperty("displayValue").GetString()}");
        foreach (var audit in audits.EnumerateObject().Where(audit => audit.Value.GetProperty("score").ValueKind == JsonValueKind.Number && audit.Value.GetProperty("score").GetDouble() < 0.9))
            Console.WriteLine($"  below 90: {audit.Name}: {audit.Value.GetProperty("title").GetString()}");
    }
}
