using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>What is asked of every page in every state.</summary>
public static partial class PageChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(Repository.Root, "node_modules/axe-core/axe.min.js")));

    // WCAG 2.2 AA holds all that 2.0 and 2.1 asked for.
    private const string WcagAA = """
        async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }))
            .violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${violation.help}: ${node.html}`))
        """;

    /// <summary>
    /// Fails if the page breaks WCAG 2.2 AA as far as axe can tell, scrolls sideways, or makes the browser complain.
    /// Marks the state as visited for <see cref="Manifest"/>, keeps its HTML to be validated at the end of the run,
    /// and takes its picture.
    /// </summary>
    /// <param name="state">The page and state, in the manifest's words: "reply: errors".</param>
    public static async Task ShouldBeAccessible(this IPage page, string state)
    {
        // A click is done when the next page begins; its style may still be on its way.
        await page.ShouldBeLoadedAsync();
        Manifest.Visit(state, PageRecord.Of(page).Page);
        await ValidHtml.KeepAsync(page, state);
        await page.Shot($"{state} {page.ViewportSize!.Width}");
        var problems = await page.Problems();
        Assert.True(problems.Count == 0, $"{state} ({page.Url}):\n{string.Join('\n', problems)}");
    }

    /// <summary>Style, pictures and scripts have come. Asks the document: Playwright looks whether the load event has come and only then
    /// listens for it, so it may miss one in between.</summary>
    public static Task ShouldBeLoadedAsync(this IPage page) =>
        Assertions.Expect(page.Locator(":root")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");

    /// <summary>What is wrong with the page, one line for each; empty if nothing is.</summary>
    public static async Task<IReadOnlyList<string>> Problems(this IPage page)
    {
        var complaints = PageRecord.Of(page).Complaints;
        List<string> problems = [.. complaints];

        var violations = await page.WithScripts(async () =>
        {
            await page.EvaluateAsync(Axe.Value);
            return await page.EvaluateAsync<string[]>(WcagAA);
        });
        // axe itself may have made the browser complain, and it leaves empty styles behind, which htmx would carry on.
        await page.EvaluateAsync("for (const e of document.querySelectorAll('[style=\"\"]')) e.removeAttribute('style')");
        complaints.Clear();
        problems.AddRange(violations);

        // 320 wide is also what is left of 1280 at 400 % zoom (WCAG 1.4.10).
        var screen = page.ViewportSize!;
        foreach (var width in new[] { screen.Width, 320 })
        {
            await page.SetViewportSizeAsync(width, screen.Height);
            var content = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (content > width)
                problems.Add($"scrolls sideways: {content} pixels of content in {width}");
        }
        await page.SetViewportSizeAsync(screen.Width, screen.Height);
        return problems;
    }

    /// <summary>Saves a picture of the whole page in the folder that TEST_SCREENSHOTS names, if it does.</summary>
    public static async Task Shot(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TEST_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, FileName(name) + ".png"), FullPage = true });
    }

    // axe waits for timers, which never fire where scripts are off. The page's own scripts stay unrun: they were
    // passed over when the page was parsed.
    private static async Task<T> WithScripts<T>(this IPage page, Func<Task<T>> work)
    {
        if (PageRecord.Of(page).JavaScript)
            return await work().WaitAsync(Patience);
        var devTools = await page.Context.NewCDPSessionAsync(page);
        // A session can only lift what it has imposed itself.
        await DisableScripts(true);
        await DisableScripts(false);
        try
        {
            return await work().WaitAsync(Patience);
        }
        finally
        {
            await DisableScripts(true);
        }

        Task DisableScripts(bool value) =>
            devTools.SendAsync("Emulation.setScriptExecutionDisabled", new() { ["value"] = value });
    }

    internal static string FileName(string name) => NotALetterOrDigit().Replace(name, "-");

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotALetterOrDigit();
}
