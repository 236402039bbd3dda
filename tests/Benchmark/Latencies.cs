using System.Diagnostics;
using System.Globalization;
using System.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>How long a clinician waits, with a large list of patients and what was sent before: one request after the other.</summary>
internal static class Latencies
{
    private const int Requests = 300;
    private static readonly string[] Given = ["Olivia", "Amelia", "Isla", "Ava", "Mia", "Noah", "George", "Oliver", "Arthur", "Leo", "Muhammad", "Zoë"];
    private static readonly string[] Syllables = ["al", "ber", "ton", "ham", "wick", "ford", "stan", "ley", "mor", "gan", "ed", "war", "win", "ter", "som", "er"];

    public static async Task MeasureAsync(Version version, int patients)
    {
        var list = Path.GetTempFileName();
        await File.WriteAllTextAsync(list, List(patients));
        await version.CommandAsync("patients", "import", list, "--practice", "demo", "--allow-missing");
        File.Delete(list);
        await using var app = await version.StartAsync(workers: 4);
        var alice = await app.SignedInAsync();
        await alice.GetAsync("/conversations");
        var conversation = alice.Page.Html.QuerySelector("a[href^='/conversations/0']")!.GetAttribute("href")!;
        await alice.GetAsync(Scenario.TestPatient);

        await TellAsync("search", i => GetAsync(alice, $"/patients?q={Uri.EscapeDataString(Name(i * 7))}"));
        // An older version may have none.
        if (alice.Page.Html.QuerySelector("header [role=search]") is not null)
            await TellAsync("header search", i => FindAsync(alice, Name(i * 7)));
        await TellAsync("list", _ => GetAsync(alice, "/conversations"));
        await TellAsync("list of what is unsaved", _ => GetAsync(alice, "/conversations?state=not-saved"));
        await TellAsync("compose", _ => GetAsync(alice, Scenario.TestPatient));
        await TellAsync("preview", i => PreviewAsync(alice, i));
        await TellAsync("send", _ => Sending.SendOneAsync(alice));
        await TellAsync("conversation", _ => GetAsync(alice, conversation));

        async Task TellAsync(string what, Func<int, Task> act)
        {
            var times = await TimesAsync(Requests, act);
            SideBySide.Tell($"{what}, half within ms", version, times[Requests / 2]);
            SideBySide.Tell($"{what}, 99 of 100 within ms", version, times[Requests * 99 / 100]);
        }
    }

    /// <summary>In milliseconds, the shortest first.</summary>
    public static async Task<IReadOnlyList<double>> TimesAsync(int requests, Func<int, Task> act)
    {
        for (var i = 0; i < 30; i++)
            await act(i);
        var times = new List<double>();
        for (var i = 0; i < requests; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await act(i);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return [.. times.Order()];
    }

    public static async Task GetAsync(TestBrowser browser, string address)
    {
        using var answer = await browser.SendAsync(new(HttpMethod.Get, new Uri(browser.Page.Address, address)));
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task FindAsync(TestBrowser browser, string name)
    {
        using var request = browser.Submission("header [role=search] form", ("find", name));
        request.Headers.Add("HX-Request", "true");
        using var answer = await browser.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Of other words each time, as while somebody types: they are kept as a draft.</summary>
    private static async Task PreviewAsync(TestBrowser browser, int n)
    {
        using var request = browser.Submission("#compose", ("text", $"Please call Olivia Wickford on day {n}. How is your knee?"), ("allowResponse", "true"));
        request.RequestUri = new(browser.Page.Address, Scenario.TestPatient + "/preview");
        using var answer = await browser.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static string List(int patients)
    {
        var csv = new StringBuilder("NHS number,Given name,Family name,Date of birth,Mobile\n");
        for (int i = 0, number = 400_000_000; i < patients; number++)
            if (CheckDigit(number) is { } check)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{number}{check},{Name(i).Replace(' ', ',')},{new DateOnly(1930, 1, 1).AddDays(i % 30_000):yyyy-MM-dd},07700900{i % 1000:000}\n");
                i++;
            }
        return csv.ToString();
    }

    private static string Name(int i) => $"{Given[i % Given.Length]} {Family(i / Given.Length)}";

    private static string Family(int i)
    {
        var name = Syllables[i % 16] + Syllables[i / 16 % 16] + Syllables[i / 256 % 16];
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    /// <summary>Modulus 11 of the NHS number; null where there is none.</summary>
    private static int? CheckDigit(int number)
    {
        var sum = 0;
        for (int weight = 2, left = number; weight <= 10; weight++, left /= 10)
            sum += left % 10 * weight;
        return (11 - (sum % 11)) switch { 11 => 0, 10 => null, var digit => digit };
    }
}
