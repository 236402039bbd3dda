using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>Every route and form with what no browser sends, by people who are signed in and by nobody. <c>tests/fuzz http [minutes [seed]]</c>
/// goes on for longer, <c>tests/run --long</c> for an hour.</summary>
public sealed class HostileRequestsTests
{
    private const int AtOnce = 3;

    /// <summary>Then some of them have signed out, cancelled, or used up their tries.</summary>
    private const int RequestsOfADay = 1_500;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    /// <summary>A change is judged by what can be repeated; a long run looks further.</summary>
    private static readonly int Seed = Setting("TEST_SEED") ?? (Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? Random.Shared.Next() : 1);
    private static readonly TimeSpan Time = Setting("TEST_FUZZ") is { } minutes ? TimeSpan.FromMinutes(minutes)
        : Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (int Count, string Example)> _found = [];
    private readonly ConcurrentDictionary<(string, string), int> _asked = [];
    private readonly ConcurrentDictionary<int, int> _statuses = [];
    private readonly List<long> _memory = [];
    private TimeSpan _slowest;

    [Fact]
    public async Task Whatever_is_sent_to_any_address_the_answer_is_quick_whole_and_no_failure()
    {
        await using var surgery = await Surgery.StartAsync();
        var (clock, days) = (Stopwatch.StartNew(), 0);
        Console.WriteLine($"Seed {Seed}");
        while (clock.Elapsed < Time || days == 0)
        {
            var seeds = await surgery.FurnishAsync();
            // The premise: they are signed in, and every route is among what is sent.
            Assert.True(await Surgery.AreSignedInAsync(seeds));
            Assert.All(surgery.Routes, route => Assert.Contains(seeds, seed => (seed.Route, seed.Method) == route));
            if (days++ == 0)
                await AsTheyAreAsync(surgery, seeds);
            await DayAsync(surgery, seeds, days, clock);
            _memory.Add(surgery.Process.Memory);
        }

        var figures = Figures(surgery, clock.Elapsed);
        Console.WriteLine(figures);
        Assert.True(_found.IsEmpty, figures + "\n" + string.Join("\n\n", _found.OrderByDescending(one => one.Value.Count).Take(25).Select(one => $"{one.Key} ({one.Value.Count} times)\n{one.Value.Example}")));
        Assert.All(surgery.Routes, route => Assert.True(_asked.ContainsKey(route), $"{route} was not asked."));
        Assert.True(_statuses.GetValueOrDefault(200) > 50 && _statuses.GetValueOrDefault(400) > 50 && _statuses.GetValueOrDefault(422) > 5, figures);
        AssertMemoryIsFlat();
    }

    /// <summary>Requests as browsers make them: nothing is wrong with the harness where these are well.</summary>
    private async Task AsTheyAreAsync(Surgery surgery, IReadOnlyList<Seed> seeds)
    {
        foreach (var seed in seeds.Where(seed => seed.Method == "GET"))
        {
            List<(string, string)> headers = [("Host", surgery.Process.Address.Authority), ("Connection", "close")];
            if (seed.Person.CookiesFor(surgery.Process.Address, seed.Path) is { Length: > 0 } cookies)
                headers.Add(("Cookie", cookies));
            await TryAsync(surgery, seed, new("GET", seed.Path, headers, []), IPAddress.Loopback);
        }
    }

    private async Task DayAsync(Surgery surgery, IReadOnlyList<Seed> seeds, int day, Stopwatch clock)
    {
        var names = seeds.SelectMany(seed => seed.Fields.Select(field => field.Name)).Concat(["credential", "id", "name", "code", "returnUrl", "q", "dob", "search", "view", "done", "language", "template", "follows", "filter", "after", "seen", "user", "token"]).Distinct().ToList();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(worker => Task.Run(async () =>
        {
            var random = new Random(unchecked((((Seed * 397) + day) * 397) + worker));
            var mutation = new Mutation(random, names, surgery.Process.Address);
            var order = seeds.ToArray();
            random.Shuffle(order);
            for (var i = 0; i < RequestsOfADay && (clock.Elapsed < Time || (day == 1 && i < order.Length / AtOnce + 1)); i++)
            {
                // On the first day the workers share the routes out, so that each is asked.
                var seed = day == 1 ? seeds[(i * AtOnce + worker) % seeds.Count] : order[i % order.Length];
                await TryAsync(surgery, seed, mutation.Of(seed), Address(random));
            }
        })));
    }

    private async Task TryAsync(Surgery surgery, Seed seed, RawRequest request, IPAddress from)
    {
        _asked.AddOrUpdate((seed.Route, seed.Method), 1, (_, n) => n + 1);
        try
        {
            var answer = await RawHttp.SayAsync(from, surgery.Process.Address.Port, request, Patience);
            _statuses.AddOrUpdate(answer?.Status ?? 0, 1, (_, n) => n + 1);
            if (Verdict.Of(request, seed, answer) is { } wrong)
                Note(wrong, seed, request, answer);
            if (answer?.Took > Slow && await IsSlowAsync(surgery, request, from) is { } took)
                Note($"slow: {took.TotalSeconds:0.0} s", seed, request, answer);
        }
        catch (TimeoutException)
        {
            Note("no answer in a minute", seed, request, null);
        }
    }

    /// <summary>The machine may have been busy. Slow is what is slow each time while a request for nothing is not.</summary>
    private async Task<TimeSpan?> IsSlowAsync(Surgery surgery, RawRequest request, IPAddress from)
    {
        var least = TimeSpan.MaxValue;
        var nothing = new RawRequest("GET", "/health/live", [("Host", "localhost"), ("Connection", "close")], []);
        for (var tries = 0; tries < 3; tries++)
        {
            var answer = await RawHttp.SayAsync(from, surgery.Process.Address.Port, request, Patience);
            var trivial = await RawHttp.SayAsync(from, surgery.Process.Address.Port, nothing, Patience);
            var took = (answer?.Took ?? TimeSpan.Zero) - trivial!.Took;
            least = took < least ? took : least;
        }
        lock (_memory)
            _slowest = least > _slowest ? least : _slowest;
        return least > Slow ? least : null;
    }

    private void Note(string what, Seed seed, RawRequest request, RawAnswer? answer) => _found.AddOrUpdate(
        $"{what} at {seed.Method} {seed.Route}", _ => (1, $"{seed.Person.Name} sent:\n{request}\nand got:\n{answer?.Head}{answer?.Body[..Math.Min(answer.Body.Length, 300)]}"), (_, known) => known with { Count = known.Count + 1 });

    private string Figures(Surgery surgery, TimeSpan took) => string.Create(CultureInfo.InvariantCulture,
        $"Seed {Seed}, {took.TotalMinutes:0.0} minutes: {_statuses.Values.Sum()} requests to {_asked.Count} routes ({string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"))}), "
        + $"{_found.Values.Sum(one => one.Count)} wrong; slowest when asked again {_slowest.TotalMilliseconds:0} ms; memory {string.Join(" ", _memory.Where((_, i) => i % Math.Max(1, _memory.Count / 10) == 0).Select(bytes => bytes / 1024 / 1024))} MB; processor {surgery.Process.Work.TotalSeconds / Math.Max(1, _statuses.Values.Sum()) * 1000:0.0} ms a request");

    /// <summary>What it needs grows for a while. In the second half it does not.</summary>
    private void AssertMemoryIsFlat()
    {
        if (_memory.Count < 8)
            return;
        var (middle, end) = (_memory[(_memory.Count / 4)..(_memory.Count / 2)].Max(), _memory[(_memory.Count * 3 / 4)..].Max());
        Assert.True(end < middle * 1.25 + 30 * 1024 * 1024, $"Memory grew from {middle} to {end} bytes.");
    }

    /// <summary>Everybody comes from somewhere else: nobody waits for what others did.</summary>
    private static IPAddress Address(Random random) => new([127, (byte)random.Next(1, 250), (byte)random.Next(250), (byte)random.Next(1, 250)]);

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
