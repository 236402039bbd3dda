using Microsoft.Playwright;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Which letters people see, on machines that have fonts of one kind only.</summary>
public sealed class FontTests(Chromium chromium) : PageTest(chromium)
{
    private const string Family = "arial, helvetica, \"Liberation Sans\", \"DejaVu Sans\", sans-serif";
    private readonly Chromium _chromium = chromium;
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("fonts");

    /// <summary>Debian's packages fonts-liberation and fonts-dejavu-core, and what their plain face is called.</summary>
    public static TheoryData<string, string> Machines { get; } = new() { { "liberation", "Liberation Sans" }, { "dejavu", "DejaVu Sans" } };

    [Theory, MemberData(nameof(Machines))]
    public async Task Staff_and_patients_read_a_plain_face_everywhere(string folder, string face)
    {
        var alice = await App.AliceSignsInAsync();
        var asked = await alice.AsksAsync(App);
        var link = await LinkOfAsync(asked);
        await using var browser = await _chromium.LaunchWithFontsAsync(FolderOf(folder), _work.FullName);
        await using var context = await browser.NewContextAsync(new() { BaseURL = App.Address.ToString() });
        var page = await context.NewPageAsync();
        var devTools = await context.NewCDPSessionAsync(page);
        await devTools.SendAsync("DOM.enable");
        await devTools.SendAsync("CSS.enable");

        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Email address").FillAsync("dana@example.nhs.uk");
        await ShouldBePlainAsync("html", "h1", "label", "#email", "main form button", "main p", ".app-header__name");

        await page.GotoAsync(link);
        await page.FillAsync("#day", "1");
        await ShouldBePlainAsync("html", "h1", "h2", "#day", "main form button", "main p", "summary", "main a");
        await page.GiveDateOfBirthAsync();
        await page.FillAsync("#text", "It is better.");
        await ShouldBePlainAsync("html", "h1", ".app-message", "#text", "main button[value=send]", "label", "[href^='tel:']");

        await context.TakeOverAsync(alice);
        await page.GotoAsync(Scenario.TestPatient);
        await page.WriteAsync("How is your knee?");
        await ShouldBePlainAsync("html", "h1", "#text", ".app-send-row button", ".app-nav__link", ".app-patient-banner dd", "#preview");
        await page.GotoAsync("/patients");
        // Not typed: a search would change the page meanwhile.
        await page.Locator("#q").EvaluateAsync("field => field.value = 'smith'");
        await ShouldBePlainAsync("#q", "main button");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.GotoAsync(asked.Path());
        await ShouldBePlainAsync("html", "h1", "main p");

        async Task ShouldBePlainAsync(params string[] selectors)
        {
            await page.ShouldBeLoadedAsync();
            foreach (var selector in selectors)
            {
                Assert.Equal(Family, await page.Locator(selector).First.EvaluateAsync<string>("element => getComputedStyle(element).fontFamily"));
                var faces = await FacesAsync(devTools, selector);
                Assert.True(selector == "html" || faces is [var only] && only == face, $"{page.Url} {selector}: {string.Join(", ", faces)}");
            }
        }
    }

    /// <summary>The fonts that an element's text was really drawn with. What is typed into a field stands in a part of the browser's own.</summary>
    private static async Task<IReadOnlyList<string>> FacesAsync(ICDPSession devTools, string selector)
    {
        var root = (await devTools.SendAsync("DOM.getDocument"))!.Value.GetProperty("root").GetProperty("nodeId").GetInt32();
        var node = (await devTools.SendAsync("DOM.querySelector", new() { ["nodeId"] = root, ["selector"] = selector }))!.Value.GetProperty("nodeId").GetInt32();
        var described = (await devTools.SendAsync("DOM.describeNode", new() { ["nodeId"] = node, ["depth"] = -1, ["pierce"] = true }))!.Value.GetProperty("node");
        if (described.TryGetProperty("shadowRoots", out var own))
        {
            var typed = own[0].GetProperty("children").EnumerateArray().Last().GetProperty("backendNodeId").GetInt32();
            node = (await devTools.SendAsync("DOM.pushNodesByBackendIdsToFrontend", new() { ["backendNodeIds"] = new[] { typed } }))!.Value.GetProperty("nodeIds")[0].GetInt32();
        }
        var fonts = (await devTools.SendAsync("CSS.getPlatformFontsForNode", new() { ["nodeId"] = node }))!.Value.GetProperty("fonts");
        return [.. fonts.EnumerateArray().Select(font => font.GetProperty("familyName").GetString()!).Distinct()];
    }

    private static string FolderOf(string package)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("TEST_FONTS") ?? "/usr/share/fonts/truetype", package);
        Assert.False(!Directory.Exists(folder) && Environment.GetEnvironmentVariable("CI") == "true", $"{folder} is not there.");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there. On Debian, as root: apt-get install -y fonts-liberation fonts-dejavu-core");
        return folder;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _work.Delete(recursive: true);
    }
}
