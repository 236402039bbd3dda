using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using PatientResponse.Tests.Deploy;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>Acceptance 61: the processor time that each route takes for the costliest request of somebody who has signed in nowhere.</summary>
internal static class AnonymousCosts
{
    /// <summary>In milliseconds, on a machine on which the hash below takes 55.</summary>
    private const double Allowed = 5, ReferenceHash = 55;

    private const int Requests = 5, MoreRequests = 50, Rounds = 2;

    /// <summary>Two minutes of what people send, so that the code is compiled as it will be.</summary>
    private const int WarmUp = 1_500;

    /// <summary>So large that a few tell enough.</summary>
    private static readonly string[] ByMegabytes = ["20 MB", "40 MB in five files"];

    /// <returns>False where something costs more than is allowed.</returns>
    public static async Task<bool> MeasureAsync(Published published)
    {
        List<(string Method, string Route, string Address)> routes;
        Environment.SetEnvironmentVariable("ASPNETCORE_TEST_CONTENTROOT_PATIENTRESPONSE", Repository.Root);
        await using (var own = new TestApp())
            routes = [.. Of(own)];
        await using var app = await MeasuredApp.StartAsync(published, new() { ["Twilio__AuthToken"] = "0123456789abcdef" });
        var (_, link) = await app.AskAsync(await app.AliceAsync());
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        var (live, reference) = (link.Split('/')[^1], pat.Page.Address.AbsolutePath.Split('/')[2]);
        var stranger = app.NewBrowser();
        await stranger.GetAsync("/sign-in");
        var token = stranger.Page.Html.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var cookie = stranger.Cookies.GetCookieHeader(app.Address);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = app.Address };
        for (var i = 0; i < WarmUp; i++)
            using (await http.GetAsync(i % 3 == 0 ? "/sign-in" : i % 3 == 1 ? link : "/no/such/page"))
            {
            }

        var hash = Hash();
        var found = new List<(string Route, string Form, Func<HttpRequestMessage> Make, double Milliseconds)>();
        foreach (var (method, route, address) in routes)
        {
            var at = address.Replace("live-link", live, StringComparison.Ordinal).Replace("live-reply", reference, StringComparison.Ordinal);
            var costs = new List<(string Form, Func<HttpRequestMessage> Make, double Milliseconds)>();
            foreach (var (form, make) in Requested(method, at, token, cookie))
                costs.Add((form, make, await (ByMegabytes.Any(size => form.StartsWith(size, StringComparison.Ordinal)) ? CostAsync(app, http, make, 2, 1) : CostAsync(app, http, make))));
            // A few requests take no more than a tick or two of the processor's clock, of 10 ms each: what may be too much is asked more often.
            for (var i = 0; i < costs.Count; i++)
                if (costs[i].Milliseconds > Allowed / 2)
                    costs[i] = costs[i] with { Milliseconds = await CostAsync(app, http, costs[i].Make, MoreRequests) };
            var all = Environment.GetEnvironmentVariable("BENCHMARK_ALL") is not null;
            found.AddRange(costs.OrderByDescending(cost => cost.Milliseconds).Take(all ? costs.Count : 1).Select(cost => ($"{method} {route}", cost.Form, cost.Make, cost.Milliseconds)));
        }
        // Those that came first paid for the compiler, which goes on beside them.
        for (var i = 0; i < found.Count; i++)
            if (found[i].Milliseconds > Allowed / 2)
                found[i] = found[i] with { Milliseconds = await CostAsync(app, http, found[i].Make, MoreRequests) };
        var told = found.ConvertAll(one => (one.Route, one.Form, one.Milliseconds));
        told.Add(("POST /sign-in", "a wrong password (hashed)", await CostAsync(app, http, () => Request(HttpMethod.Post, "/sign-in", cookie,
            new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("email", $"{Guid.NewGuid():N}@example.nhs.uk"), new("password", "wrong-password")])))));
        told.Add(("POST /r/{token}", "a wrong date", await WrongDatesAsync(app)));
        var scale = ReferenceHash / ((hash + Hash()) / 2);
        return Tell(told, hash, scale);
    }

    /// <summary>Every route and method; those that need sign-in as well, as somebody without one can ask for them.</summary>
    internal static IEnumerable<(string Method, string Route, string Address)> Of(TestApp app) =>
        from route in Routes.Of(app)
        let pattern = route.RoutePattern.RawText!
        where !IsAsset(pattern)
        from method in Routes.Methods(route) is { Count: > 0 } methods ? methods.Except(["HEAD"]) : ["GET", "POST"]
        select (method, pattern, Address(pattern, Routes.Address(route)));

    /// <summary>A stylesheet, a script or a picture: sent as it lies there.</summary>
    internal static bool IsAsset(string route) => route.TrimStart('/') is var path && (path.StartsWith("lib/", StringComparison.Ordinal) || path.StartsWith("favicon", StringComparison.Ordinal));

    private static string Address(string pattern, string made) =>
        pattern.Contains("{token}", StringComparison.Ordinal) || pattern.Contains("{**token}", StringComparison.Ordinal) ? made.Replace("made-up", "live-link", StringComparison.Ordinal)
        : pattern.Contains("{reference}", StringComparison.Ordinal) ? made.Replace("made-up", "live-reply", StringComparison.Ordinal)
        : made;

    private static IEnumerable<(string Form, Func<HttpRequestMessage> Make)> Requested(string method, string address, string token, string cookie)
    {
        var way = new HttpMethod(method);
        if (way == HttpMethod.Get)
        {
            var nested = $"returnUrl=/%{string.Concat(Enumerable.Repeat("25", 3_500))}";
            yield return ("plain", () => Request(way, address, null, null));
            yield return ("a long query", () => Request(way, $"{address}?{nested}", null, null));
            yield return ("many values", () => Request(way, $"{address}?{string.Join('&', Enumerable.Range(0, 900).Select(i => $"q={i}&f"))}", null, null));
            yield return ("a long token", () => Request(way, $"{address}?user=0123456789abcdef&token={new string('A', 7_000)}&language=cy", null, null));
            yield return ("30 KB of cookies", () => Request(way, address,
                string.Join("; ", new[] { "staff", "reply", "draft", "second-step", "passkey", "form", "language" }.Select(name => $"{name}={new string('A', 4_000)}")), null));
            if (address.StartsWith("/r/", StringComparison.Ordinal) || address.Contains("made-up", StringComparison.Ordinal))
            {
                yield return ("a long address", () => Request(way, address + string.Concat(Enumerable.Repeat("/r/aaaa-", 800)), null, null));
                yield return ("a long address, encoded", () => Request(way, address + "%2525" + string.Concat(Enumerable.Repeat("%2525", 1_200)), null, null));
            }
            yield break;
        }
        foreach (var (name, make) in AnonymousForms.Of(null))
            yield return (name + ", stale", () => Signed(Request(way, address, null, make())));
        foreach (var (name, make) in AnonymousForms.Of(token))
            yield return (name, () => Signed(Request(way, address, cookie, make())));
    }

    private static HttpRequestMessage Request(HttpMethod method, string address, string? cookie, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        if (cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        // As browsers ask: then patients' pages are compressed.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        return request;
    }

    /// <summary>With a signature that is not Twilio's, which only its route looks at.</summary>
    private static HttpRequestMessage Signed(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", "bWFkZSB1cCBieSBzb21lYm9keQ==");
        return request;
    }

    /// <summary>In milliseconds for each: the best of some rounds, since others share the machine.</summary>
    private static async Task<double> CostAsync(MeasuredApp app, HttpClient http, Func<HttpRequestMessage> make, int requests = Requests, int rounds = Rounds)
    {
        await SendAsync(http, make());
        var best = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var before = app.Processor;
            for (var i = 0; i < requests; i++)
                await SendAsync(http, make());
            best = Math.Min(best, (app.Processor - before).TotalMilliseconds / requests);
        }
        return best;
    }

    /// <summary>Fifteen of three links: from the twentieth on each would wait.</summary>
    private static async Task<double> WrongDatesAsync(MeasuredApp app)
    {
        var alice = await app.AliceAsync();
        var strangers = new List<TestBrowser>();
        for (var i = 0; i < 3; i++)
        {
            var (_, link) = await app.AskAsync(alice);
            strangers.Add(app.NewBrowser());
            await strangers[^1].GetAsync(link);
        }
        var before = app.Processor;
        foreach (var stranger in strangers)
            for (var day = 2; day < 7; day++)
                await stranger.SendAsync(stranger.Submission("main form", ("day", $"{day}"), ("month", "1"), ("year", "1980")));
        return (app.Processor - before).TotalMilliseconds / 15;
    }

    private static async Task SendAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            using var answer = await http.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
        }
        catch (HttpRequestException)
        {
            // Cut off while it was still sending, which is what it costs.
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>The work of one password of 100,000 rounds, on this machine at this moment.</summary>
    private static double Hash() => Enumerable.Range(0, 5).Select(_ =>
    {
        var before = Environment.CpuUsage.TotalTime;
        Rfc2898DeriveBytes.Pbkdf2("password", new byte[16], 100_000, HashAlgorithmName.SHA512, 32);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }).Min();

    private static bool Tell(List<(string Route, string Form, double Milliseconds)> found, double hash, double scale)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A hash of 100,000 rounds takes {hash:N1} ms here; figures are as if it took {ReferenceHash}."));
        Console.WriteLine("processor ms, costliest request");
        foreach (var (route, form, milliseconds) in found.OrderByDescending(one => one.Milliseconds))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds * scale,9:N2}  {route}: {form}"));
        var over = found.Where(one => one.Milliseconds * scale > Allowed && !one.Form.Contains("hashed", StringComparison.Ordinal)).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{over.Count} over {Allowed} ms"));
        return over.Count == 0;
    }
}
