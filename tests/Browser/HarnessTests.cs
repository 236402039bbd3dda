using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>That the browser tests can fail.</summary>
public sealed class HarnessTests(Chromium chromium) : IAsyncDisposable
{
    private const string Good = """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Good</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body><main><h1>Good</h1><form method="post"><label for="q">Question</label> <input id="q"> <button type="submit">Send</button></form></main></body></html>
        """;

    private readonly WebApplication _pages = WebApplication.Create(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);
    private IBrowserContext? _browser;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_good_page_has_no_problems_with_scripts_and_without(bool javaScript) =>
        Assert.Empty(await ProblemsOf(Good, javaScript));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_field_without_a_label_is_a_problem_with_scripts_and_without(bool javaScript) =>
        Assert.Contains("label:", Assert.Single(await ProblemsOf(Good.Replace("for=\"q\"", ""), javaScript)));

    [Fact]
    public async Task A_page_that_is_too_wide_for_a_phone_is_a_problem() =>
        Assert.Contains("in 320", Assert.Single(await ProblemsOf(Good.Replace("<h1>", "<h1 style=\"width: 340px; margin: 0\">"))));

    [Fact]
    public async Task A_script_that_the_page_may_not_run_is_a_problem() =>
        Assert.Contains("Content Security Policy", Assert.Single(await ProblemsOf(
            Good.Replace("</main>", "</main><script>1</script>"), policy: "default-src 'none'")));

    [Fact]
    public async Task A_strict_policy_does_not_keep_the_checks_from_running() =>
        Assert.Contains("label:", Assert.Single(await ProblemsOf(Good.Replace("for=\"q\"", ""), policy: "default-src 'none'")));

    [Theory]
    [InlineData(true, "ran")]
    [InlineData(false, "did not run")]
    public async Task With_scripts_off_a_page_runs_none_even_after_it_was_checked(bool javaScript, string outcome)
    {
        var page = await Open(Good.Replace("</main>", "<p>did not run</p></main><script>document.querySelector('p').textContent = 'ran'</script>"), javaScript);
        for (var visit = 0; visit < 2; visit++)
        {
            Assert.Equal(outcome, await page.TextContentAsync("p"));
            await page.Problems();
            Assert.Equal(outcome, await page.TextContentAsync("p"));
            await page.ReloadAsync();
        }
    }

    [Fact]
    public async Task Invalid_HTML_is_found_and_named_by_its_page()
    {
        Dictionary<string, string> pages = new() { ["good: page"] = Good, ["bad: page"] = Good.Replace("<h1>Good</h1>", "<p><div></div></p>") };

        var mistakes = await ValidHtml.MistakesAsync(pages);

        Assert.NotEmpty(mistakes);
        Assert.All(mistakes, mistake => Assert.StartsWith("bad-page, line ", mistake));
    }

    [Fact]
    public void A_state_that_is_only_listed_or_only_visited_is_a_problem() =>
        Assert.Equal(
            ["listed, but no test visits it: a: one", "visited, but not listed: c: three"],
            Manifest.Problems(["a: one", "b: two"], ["b: two", "c: three"]));

    private async Task<IReadOnlyList<string>> ProblemsOf(string html, bool javaScript = true, string policy = "") =>
        await (await Open(html, javaScript, policy)).Problems();

    private async Task<IPage> Open(string html, bool javaScript, string policy = "")
    {
        _pages.MapGet("/", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = policy;
            return Results.Content(html, "text/html");
        });
        await _pages.StartAsync();
        _browser = await chromium.OpenContextAsync(Screen.Phone, new Uri(_pages.Urls.First()), javaScript);
        var page = await _browser.NewPageAsync();
        await page.GotoAsync("/");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        await _pages.DisposeAsync();
    }
}
