using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>Whatever goes away while a form is being sent, its words are shown and can be sent again.</summary>
public sealed partial class OutageTests
{
    /// <param name="Prepare">A browser with the form in front of it, and what pressing the button sends.</param>
    /// <param name="Words">What was typed, by the names of its fields.</param>
    private sealed record Form(Func<TestApp, TestBrowser, Task<(TestBrowser, HttpRequestMessage)>> Prepare, params (string Field, string Value)[] Words)
    {
        /// <summary>It is answered with a part of a page, whose words cannot be sent again from there.</summary>
        public bool IsPart { get; init; }

        public Form Below(string address) => this with { IsPart = true, Prepare = Change(request => OutageTests.Below(request, address)) };

        /// <summary>With a secret in it as well.</summary>
        public Form With((string Name, string Value) secret) => this with
        {
            Prepare = Change(request =>
            {
                request.Content = new StringContent($"{request.Content!.ReadAsStringAsync().Result}&{secret.Name}={secret.Value}", null, "application/x-www-form-urlencoded");
                return request;
            }),
        };

        private Func<TestApp, TestBrowser, Task<(TestBrowser, HttpRequestMessage)>> Change(Func<HttpRequestMessage, HttpRequestMessage> change) => async (app, alice) =>
        {
            var (browser, request) = await Prepare(app, alice);
            return (browser, change(request));
        };
    }

    private static readonly Dictionary<string, Form> Forms = new()
    {
        ["/sign-in"] = new(async (app, _) =>
        {
            var browser = app.NewBrowser();
            await browser.GetAsync("/sign-in");
            return (browser, browser.Submission("main form", ("email", "somebody@example.nhs.uk"), ("password", "a-password-1")));
        }, ("email", "somebody@example.nhs.uk")),
        ["/forgotten-password"] = new(async (app, _) =>
        {
            var browser = app.NewBrowser();
            await browser.GetAsync("/forgotten-password");
            return (browser, browser.Submission("main form", ("email", "somebody@example.nhs.uk")));
        }, ("email", "somebody@example.nhs.uk")),
        ["/patients"] = Filled("/patients", "main form", ("q", "Smythe-Jones")),
        ["/patients/{id}/message"] = Filled(Scenario.TestPatient, "#compose", ("text", "How is your ankle?\nBest wishes"), ("allowResponse", "true")),
        ["/patients/{id}/message/preview"] = Filled(Scenario.TestPatient, "#compose", ("text", "How is your ankle?")).Below("/preview"),
        ["/conversations"] = new(async (app, alice) =>
        {
            await alice.AsksAsync(app);
            await alice.GetAsync("/conversations");
            return (alice, alice.Submission("form[action='/conversations']", ("q", "Smythe-Jones")));
        }, ("q", "Smythe-Jones")),
        ["/patients/{id}/notes"] = Filled("/patients/test", "form[action$='/notes']", ("note", "Speaks Polish.\nCall after 5 pm")),
        ["/templates"] = Filled("/templates/new", "main form", ("name", "Ankles"), ("text", "How is your ankle?")),
        ["/templates/preview"] = Filled("/templates/new", "main form", ("name", "Ankles"), ("text", "How is your ankle?")).Below("/preview"),
        ["/account"] = Filled("/account", "main form", ("name", "Dr Dana Demonstrator"), ("mobile", "07700 900123")),
        ["/practice"] = Filled("/practice", "main form", ("name", "The Demonstration Surgery"), ("signOff", "Yours, the surgery")),
        ["/practice "] = Filled("/practice", "main form", ("name", "The Demonstration Surgery"), ("showName", "")).With(("current", "demo-password-1")),
        ["/patients/find"] = Filled("/templates", "header [role=search] form", ("find", "Susan Smith")),
        ["/account/passkeys/rename"] = new(async (app, alice) =>
        {
            await alice.GetAsync("/account/passkeys");
            return (alice, Post(alice, "/account/passkeys/rename", ("id", "AAAA"), ("name", "My old phone")));
        }, ("name", "My old phone")),
        ["/templates/{id}"] = new(async (_, alice) =>
        {
            await alice.GetAsync("/templates/new");
            await alice.SubmitAsync("main form", ("name", $"Mine {Guid.NewGuid()}"), ("text", "Before"));
            await alice.GetAsync(alice.Page.Html.QuerySelectorAll("main a[href^='/templates/']").Last(link => !link.GetAttribute("href")!.EndsWith("/new", StringComparison.Ordinal)).GetAttribute("href")!.Replace("/delete", "", StringComparison.Ordinal));
            return (alice, alice.Submission("main form", ("text", "How is your ankle now?")));
        }, ("text", "How is your ankle now?")),
        ["/conversations/{id}/send-again"] = new(async (app, alice) =>
        {
            var id = await alice.AsksAsync(app);
            await app.FailsAsync(id);
            await alice.GetAsync($"/conversations/{id:N}");
            return (alice, alice.Submission("form[action$='/send-again']", ("mobile", "07700 900456")));
        }, ("mobile", "07700 900456")),
        ["/r/{token}"] = new(async (app, alice) =>
        {
            var pat = app.NewBrowser();
            await pat.GetAsync($"/r/{(await app.ConversationAsync(await alice.AsksAsync(app))).Token}");
            return (pat, pat.Submission("main form", ("day", "1"), ("month", "January"), ("year", "1980")));
        }, ("day", "1"), ("month", "January"), ("year", "1980")),
        ["/reply/{reference}"] = Reply((pat, words) => pat.FileSubmission("#reply", [], words)),
        ["/reply/{reference} with files"] = Reply((pat, words) => pat.FileSubmission("#reply", [("scan.pdf", SampleFiles.Pdf())], words)),
        ["/reply/{reference}/text"] = Reply((pat, words) => Below(pat.Submission("#reply", words), "/text")) with { IsPart = true },
    };

    /// <summary>Nobody types anything into these, or only what is secret.</summary>
    private static readonly string[] Wordless =
    [
        "/", "/r/{**token}", "/r/{token}/new-link", "/reply/{reference}/files", "/webhooks/twilio", "/webhooks/notify", "/sign-in/passkey/options", "/sign-in/passkey", "/sign-in/second-step", "/sign-out",
        "/set-password", "/patients/{id}/notes/delete", "/templates/{id}/delete", "/templates/{id}/copy", "/conversations/{id}/done", "/conversations/{id}/not-done", "/conversations/{id}/cancel", "/conversations/{id}/unlock", "/conversations/{id}/undo", "/conversations/{id}/saved", "/conversations/{id}/not-saved", "/conversations/no-answer",
        "/account/password", "/account/confirm", "/account/second-factor/not-now", "/account/authenticator", "/account/authenticator/off", "/account/recovery-codes", "/account/recovery-codes/kept",
        "/account/passkeys", "/account/passkeys/options", "/account/passkeys/remove",
    ];

    public static TheoryData<string> All => [.. Forms.Keys];

    /// <summary>The keys of forms are read from the database now and then, and by a process that has just started.</summary>
    [Fact]
    public async Task Words_survive_when_the_key_of_the_form_cannot_be_read_either()
    {
        var keys = new AwayKeys();
        await using var app = new TestApp { Replace = services => services.Replace(ServiceDescriptor.Singleton<IAntiforgery>(provider => keys.InFrontOf(provider))) };
        var (browser, request) = await Forms["/reply/{reference} with files"].Prepare(app, await app.AliceSignsInAsync());
        keys.AreAway = true;
        using var response = await browser.SendAsync(request);
        keys.AreAway = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var page = await TestPage.ReadAsync(response, request.RequestUri!);
        foreach (var (_, value) in Forms["/reply/{reference} with files"].Words)
            Assert.Contains(value.Split('\n')[0], page.Source, StringComparison.Ordinal);
    }

    private sealed class AwayKeys : IAntiforgery
    {
        private IAntiforgery _real = null!;

        public bool AreAway { get; set; }

        public AwayKeys InFrontOf(IServiceProvider services)
        {
            _real = (IAntiforgery)ActivatorUtilities.CreateInstance(services, typeof(AntiforgeryOptions).Assembly.GetType("Microsoft.AspNetCore.Antiforgery.DefaultAntiforgery")!);
            return this;
        }

        public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => There.GetAndStoreTokens(httpContext);

        public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => There.GetTokens(httpContext);

        public Task<bool> IsRequestValidAsync(HttpContext httpContext) => There.IsRequestValidAsync(httpContext);

        public void SetCookieTokenAndHeader(HttpContext httpContext) => There.SetCookieTokenAndHeader(httpContext);

        public Task ValidateRequestAsync(HttpContext httpContext) => There.ValidateRequestAsync(httpContext);

        // The page that says so needs a token, too, and gets none.
        private IAntiforgery There => AreAway ? throw new SocketException() : _real;
    }

    [Theory, MemberData(nameof(All))]
    public async Task Words_survive_a_database_that_goes_away_at_any_moment_and_can_be_sent_again(string route)
    {
        var (form, outage) = (Forms[route], new Outage());
        await using var app = new TestApp { Replace = outage.Use };
        var alice = await app.AliceSignsInAsync();
        var lost = 0;
        for (var call = 1; await SurvivesAsync(() => outage.FailsFrom(call)); call++)
            lost++;
        Assert.True(lost > 0, "The form does not ask the database.");
        for (var write = 1; await SurvivesAsync(() => outage.LosesAnswerOf(write)); write++)
            Assert.True(write < 20);

        async Task<bool> SurvivesAsync(Action begins)
        {
            var (browser, request) = await form.Prepare(app, alice);
            begins();
            using var response = await browser.SendAsync(request);
            outage.Ends();
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                return false;
            var page = await TestPage.ReadAsync(response, request.RequestUri!);
            foreach (var (field, value) in form.Words)
                Assert.True(form.IsPart ? page.Html.QuerySelector("main")!.TextContent.Contains(value, StringComparison.Ordinal) : Shows(page, field, value), $"{field} is lost:\n{page.Text}");
            Assert.Empty(page.Html.QuerySelectorAll("main input[type=password], main [name=password], main [name=current]"));
            if (form.IsPart)
                return true;
            var again = await AgainAsync(browser, page);
            Assert.True((int)again.StatusCode is < 400 or 409 or 410 or 422, $"{again.StatusCode}\n{await again.Content.ReadAsStringAsync()}");
            return true;
        }
    }

    [Fact]
    public async Task Every_form_of_the_product_is_among_these()
    {
        await using var app = new TestApp();
        var posted = Routes.Of(app).Where(route => Routes.Methods(route).Contains("POST")).Select(route => "/" + Constraint().Replace(route.RoutePattern.RawText!.Trim('/'), "}")).Distinct().Order();
        Assert.Equal(posted, Forms.Keys.Select(route => route.Split(' ')[0]).Distinct().Concat(Wordless).Order());
    }

    [Fact]
    public async Task What_holds_no_words_is_answered_with_a_page_as_well()
    {
        var outage = new Outage();
        await using var app = new TestApp { Replace = outage.Use };
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        foreach (var route in Wordless.Except(["/", "/webhooks/twilio", "/reply/{reference}/files"]))
        {
            var request = Post(alice, Regex.Replace(route, @"\{[^}]*\}", "0123456789abcdef0123456789"), ("password", "a-password-1"), ("code", "123456"), ("user", "x"), ("token", "x"));
            outage.FailsFrom(1);
            var page = await TestPage.ReadAsync(await alice.SendAsync(request), request.RequestUri!);
            outage.Ends();
            Assert.True(page.Status == HttpStatusCode.ServiceUnavailable, $"{route}: {page.Status}");
            Assert.DoesNotContain("a-password-1", page.Source, StringComparison.Ordinal);
            Assert.Contains("not working right now", page.Heading, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pats_words_survive_a_store_that_is_away_and_her_answer_is_not_sent_without_its_file()
    {
        var outage = new Outage();
        await using var app = new TestApp { Replace = outage.Use };
        var pat = await app.PatOpensAsync((await app.AliceAsksAsync()).Link);
        outage.StoreGoes();

        var page = await pat.SubmitFilesAsync("#reply", [("scan.pdf", SampleFiles.Pdf()), ("other.pdf", SampleFiles.Pdf())], ("text", "My words"), ("proxy", "true"), ("proxyName", "Sam Smith"), ("proxyRelationship", "son"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("Your files may be missing", page.Text, StringComparison.Ordinal);
        outage.Ends();
        page = await TestPage.ReadAsync(await AgainAsync(pat, page), page.Address);
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        page = await pat.GetAsync(page.Response.Headers.Location!.OriginalString);
        Assert.Equal("My words", ((IHtmlTextAreaElement)page.Html.QuerySelector("#text")!).Value);
        Assert.Equal("Sam Smith", page.Html.QuerySelector("#proxyName")!.GetAttribute("value"));
    }

    [Fact]
    public async Task An_answer_whose_confirmation_was_lost_is_confirmed_when_it_is_sent_again()
    {
        var outage = new Outage();
        await using var app = new TestApp { Replace = outage.Use };
        var asked = await app.AliceAsksAsync();
        var pat = await app.PatOpensAsync(asked.Link);
        outage.LosesAnswerOf(1);

        var page = await pat.AnswersAsync("My words");

        Assert.Equal("Sorry, this service is not working right now", page.Heading);
        outage.Ends();
        Assert.Equal("My words", (await app.ConversationAsync(Guid.ParseExact(asked.Conversation.Split('/')[^1], "N"))).Reply!.Text);
        Assert.EndsWith("/sent", (await AgainAsync(pat, page)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinician_who_is_signed_in_in_the_same_browser_costs_Pat_no_words()
    {
        var outage = new Outage();
        await using var app = new TestApp { Replace = outage.Use };
        var asked = await app.AliceAsksAsync();
        var browser = asked.Alice;
        await browser.GetAsync(asked.Link);
        await browser.GivesDateOfBirthAsync(1, 1, 1980);
        outage.FailsFrom(1);

        Assert.True(Shows(await browser.AnswersAsync("My words"), "text", "My words"));
    }

    [Fact]
    public async Task A_preview_that_fails_leaves_the_page_alone()
    {
        var outage = new Outage();
        await using var app = new TestApp { Replace = outage.Use };
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var request = Below(alice.Submission("#compose", ("text", "How is your ankle?")), "/preview");
        request.Headers.Add("HX-Request", "true");
        outage.FailsFrom(1);

        Assert.Equal("none", (await alice.SendAsync(request)).Headers.GetValues("HX-Reswap").Single());
    }

    private static Form Filled(string address, string selector, params (string, string)[] fields) => new(async (_, alice) =>
    {
        await alice.GetAsync(address);
        return (alice, alice.Submission(selector, fields));
    }, fields);

    private static Form Reply(Func<TestBrowser, (string, string)[], HttpRequestMessage> submission) => new(async (app, alice) =>
    {
        var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(await alice.AsksAsync(app))).Token}");
        return (pat, submission(pat, [("text", "My words\nin two lines"), ("proxy", "true"), ("proxyName", "Sam Smith"), ("proxyRelationship", "son")]));
    }, ("text", "My words\nin two lines"), ("proxyName", "Sam Smith"), ("proxyRelationship", "son"));

    private static HttpRequestMessage Below(HttpRequestMessage request, string below)
    {
        request.RequestUri = new Uri(request.RequestUri!.GetLeftPart(UriPartial.Path) + below);
        return request;
    }

    /// <summary>With the token of the page that is open.</summary>
    private static HttpRequestMessage Post(TestBrowser browser, string address, params (string Name, string Value)[] fields) => new(HttpMethod.Post, "http://localhost" + address)
    {
        Content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", browser.Page.Html.QuerySelector("main [name=__RequestVerificationToken]")!.GetAttribute("value")!)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
    };

    private static bool Shows(TestPage page, string field, string value) => page.Html.QuerySelector($"main form [name={field}]") switch
    {
        IHtmlTextAreaElement area => area.Value.ReplaceLineEndings("\n") == value,
        IHtmlInputElement input => input.Value == value,
        _ => false,
    };

    /// <summary>Presses the button of the page that shows the words.</summary>
    private static async Task<HttpResponseMessage> AgainAsync(TestBrowser browser, TestPage page)
    {
        var form = page.Html.QuerySelector<IHtmlFormElement>("main form")!;
        var fields = form.Elements.Where(element => element.HasAttribute("name"))
            .Select(element => KeyValuePair.Create(element.GetAttribute("name")!, element is IHtmlTextAreaElement area ? area.Value : element.GetAttribute("value") ?? "")).ToList();
        HttpContent content = new FormUrlEncodedContent(fields);
        if (form.Enctype == "multipart/form-data")
        {
            var multipart = new MultipartFormDataContent();
            foreach (var (name, value) in fields)
                multipart.Add(new StringContent(value), name);
            content = multipart;
        }
        return await browser.SendAsync(new(HttpMethod.Post, new Uri(page.Address, form.GetAttribute("action")!)) { Content = content });
    }

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();
}
