using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Processes.Faults;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>The product as it is, with people in it who are signed in, conversations and files: what requests are made of.</summary>
internal sealed class Surgery : IAsyncDisposable
{
    /// <summary>In the message and in the reply: only Alice and her patient may ever read it.</summary>
    public const string Secret = "Zanzibar-4711";

    /// <summary>Many addresses look alike; a few of each are enough.</summary>
    private const int PagesOfARoute = 3;

    private readonly TestDatabase _stored;
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private readonly IReadOnlyList<RouteEndpoint> _routes;
    private readonly SocketsHttpHandler _http = new() { UseCookies = false, AllowAutoRedirect = false };

    private Surgery(TestDatabase stored, IReadOnlyList<RouteEndpoint> routes)
    {
        (_stored, _routes) = (stored, routes);
        Process = new("surgery", _folder, null, new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Data:Folder"] = Path.Combine(_folder, "data"),
            ["ConnectionStrings:Postgres"] = stored.ConnectionString,
            ["Encryption:MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
            ["PublicUrl"] = "http://reply.example.nhs.uk",
            ["Languages:Offered"] = "en,cy",
            ["Sms:UndoFor"] = TestApp.NoUndo,
        });
    }

    public ProductProcess Process { get; }

    /// <summary>What the routes are, as the product itself knows them.</summary>
    public IReadOnlyList<(string Route, string Method)> Routes { get; private set; } = [];

    public static async Task<Surgery> StartAsync()
    {
        await using var app = new TestApp();
        var surgery = new Surgery(await TestDatabase.StartAsync(), Support.Routes.Of(app));
        surgery.Routes = [.. surgery._routes.SelectMany(route => Methods(route).Select(method => (route.RoutePattern.RawText!, method))).Distinct()];
        await surgery.Process.StartAsync();
        return surgery;
    }

    /// <summary>Puts everything back and lets everybody begin anew: whoever sends anything changes something now and then.</summary>
    public async Task<IReadOnlyList<Seed>> FurnishAsync()
    {
        await using (var copy = new TestCopy(_stored.Database, new FakeTime()))
            await copy.WithAsync(async session =>
            {
                var practice = (await session.LoadAsync<Practice>("demo"))!;
                (practice.RequiresSecondFactor, practice.NeutralMessages, practice.DailyCap, practice.DailyCapPerClinician) = (false, false, 1_000_000, 1_000_000);
                session.Store(practice);
                await session.SaveChangesAsync();
                return true;
            });
        await _stored.Database.ExecuteAsync("delete from counters");
        var (alice, bob, pat) = (await SignInAsync("Alice", Scenario.AlicesEmail, maySee: true), await SignInAsync("Bob", Scenario.BobsEmail, maySee: false), new Person("Pat", NewBrowser(), MaySee: true));
        var answered = await AskAsync(alice.Browser);
        await AnswerAsync(await OpenAsync(NewBrowser(), answered.Link));
        var open = await AskAsync(alice.Browser);
        await OpenAsync(pat.Browser, open.Link);
        await alice.Browser.GetAsync("/templates/new");
        await alice.Browser.SubmitAsync("main form", ("name", $"Mine {Guid.NewGuid():N}"), ("text", "How is it?"));
        var nobody = new Person("nobody", NewBrowser(), MaySee: false);
        string[] known = [answered.Path, $"{answered.Path}/files/1", $"{answered.Path}/download", $"{answered.Path}/print", open.Path, open.Link, pat.Browser.Page.Address.AbsolutePath];
        return [.. await SeedsAsync(nobody, known), .. await SeedsAsync(alice, known), .. await SeedsAsync(bob, known), .. await SeedsAsync(pat, known)];
    }

    /// <summary>Whether they are still who they were.</summary>
    public static async Task<bool> AreSignedInAsync(IEnumerable<Seed> seeds)
    {
        foreach (var person in seeds.Select(seed => seed.Person).Distinct().Where(person => person.Name is "Alice" or "Bob"))
            if ((await person.Browser.GetAsync("/account")).Address.AbsolutePath != "/account")
                return false;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await _stored.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Person> SignInAsync(string name, string email, bool maySee)
    {
        var browser = NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", email), ("password", Scenario.Password));
        Assert.NotEqual("/sign-in", browser.Page.Address.AbsolutePath);
        return new(name, browser, maySee);
    }

    private async Task<(string Path, string Link)> AskAsync(TestBrowser alice)
    {
        // In letters: ten digits in a row may be somebody's NHS number, and the product asks about it.
        var text = $"{Secret} {string.Concat($"{Guid.NewGuid():N}".Select(digit => (char)(char.IsAsciiDigit(digit) ? digit - '0' + 'g' : digit)))}";
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        var path = alice.Page.Address.AbsolutePath;
        Assert.True(path.StartsWith("/conversations/", StringComparison.Ordinal), alice.Page.Text);
        string? sms = null;
        await ServedApp.UntilAsync(async () => (sms = await SmsAsync(text)) is not null, "the SMS goes");
        return (path, Scenario.LinkIn(sms!));
    }

    private async Task<string?> SmsAsync(string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Process.Address, "/dev/phone")) { Headers = { { "Accept", "application/json" } } };
        using var answer = JsonDocument.Parse(await (await NewBrowser().SendAsync(request)).Content.ReadAsStringAsync());
        return answer.RootElement.EnumerateArray().Select(message => message.GetProperty("text").GetString()!).FirstOrDefault(sent => sent.Contains(text, StringComparison.Ordinal));
    }

    private static async Task<TestBrowser> OpenAsync(TestBrowser pat, string link)
    {
        await pat.GetAsync(link);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.NotNull(pat.Page.Html.QuerySelector("#reply"));
        return pat;
    }

    private static Task AnswerAsync(TestBrowser pat) => pat.AnswersAsync($"{Secret} it is.", ("letter.pdf", SampleFiles.Pdf(20_000)), ("photo.jpg", SampleFiles.Jpeg(20_000)));

    private TestBrowser NewBrowser() => new(new CookieContainer(), _http, Process.Address);

    /// <summary>What somebody finds by following links, and every route besides.</summary>
    private async Task<IReadOnlyList<Seed>> SeedsAsync(Person person, string[] known)
    {
        var (seeds, visits, token) = (new List<Seed>(), new Dictionary<string, int>(), "");
        var queue = new Queue<string>(["/", "/sign-in", "/patients", Scenario.TestPatient, "/conversations", "/templates", "/account", "/practice", "/about-messages", .. known]);
        var seen = queue.ToHashSet();
        while (queue.TryDequeue(out var path))
        {
            if (RouteOf("GET", path) is not { } route || visits.GetValueOrDefault(route) >= PagesOfARoute)
                continue;
            visits[route] = visits.GetValueOrDefault(route) + 1;
            seeds.Add(new(person, route, "GET", path, [], false));
            var page = await person.Browser.GetAsync(path);
            token = page.Html.QuerySelector("[name=__RequestVerificationToken]")?.GetAttribute("value") ?? token;
            foreach (var link in page.Html.QuerySelectorAll("a[href^='/']").Select(a => a.GetAttribute("href")!.Split('#')[0]).Where(seen.Add))
                queue.Enqueue(link);
            foreach (var form in page.Html.QuerySelectorAll<IHtmlFormElement>("form"))
                Add(seeds, person, path, form);
        }
        foreach (var (route, method) in Routes.Where(one => seeds.All(seed => (seed.Route, seed.Method) != one)))
            seeds.Add(new(person, route, method, Filled(route, known), [("__RequestVerificationToken", token)], Multipart: route.StartsWith("/reply/", StringComparison.Ordinal)));
        return seeds;
    }

    private void Add(List<Seed> seeds, Person person, string path, IHtmlFormElement form)
    {
        var method = form.Method.ToUpperInvariant();
        var address = form.GetAttribute("action") is { Length: > 0 } action ? action.Split('#')[0] : path;
        if (RouteOf(method, address) is not { } route || seeds.Count(seed => (seed.Route, seed.Method) == (route, method)) >= PagesOfARoute)
            return;
        seeds.Add(new(person, route, method, address, [.. form.Elements.Where(field => field.HasAttribute("name")).Select(field => (field.GetAttribute("name")!, Nasty.Utf8(Value(field))))], form.Enctype == "multipart/form-data"));
    }

    private static string Value(IElement field) => field switch
    {
        IHtmlInputElement { Type: "file" } => "",
        IHtmlInputElement input => input.Value,
        IHtmlTextAreaElement area => area.Value,
        IHtmlSelectElement select => select.Value ?? "",
        IHtmlButtonElement button => button.GetAttribute("value") ?? "",
        _ => "",
    };

    /// <summary>An address of that route; made of those that are known where it goes.</summary>
    private string Filled(string route, string[] known) =>
        known.Select(path => (Path: path, More: More(route, path))).Where(one => one.More is not null).Select(one => one.Path + one.More).FirstOrDefault()
        ?? Support.Routes.Address(_routes.First(one => one.RoutePattern.RawText == route));

    /// <summary>What a route adds to a known address: <c>/cancel</c>.</summary>
    private string? More(string route, string path) => RouteOf("GET", path) is { } shorter && route.StartsWith(shorter, StringComparison.Ordinal) && route[shorter.Length..] is var rest && !rest.Contains('{', StringComparison.Ordinal)
        ? rest.Replace("{number}", "1", StringComparison.Ordinal) : null;

    private string? RouteOf(string method, string path)
    {
        var parts = path.Split('?')[0].Trim('/').Split('/');
        return _routes.Where(route => Methods(route).Contains(method) && IsOf(route, parts)).OrderBy(route => route.Order).ThenByDescending(route => route.RoutePattern.InboundPrecedence * -1)
            .Select(route => route.RoutePattern.RawText).FirstOrDefault();
    }

    private static bool IsOf(RouteEndpoint route, string[] parts)
    {
        var segments = route.RoutePattern.PathSegments;
        if (route.RoutePattern.RawText!.Contains("{**", StringComparison.Ordinal))
            return false;
        return (segments.Count == parts.Length || (segments.Count == 0 && parts is [""]))
            && segments.Zip(parts).All(pair => pair.First.Parts is not [RoutePatternLiteralPart literal] || string.Equals(literal.Content, pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Those that a route names. What takes any is asked as browsers would.</summary>
    private static IReadOnlyList<string> Methods(RouteEndpoint route) => Support.Routes.Methods(route) is { Count: > 0 } named ? [.. named.Where(method => method is not "HEAD")] : ["GET", "POST"];
}
