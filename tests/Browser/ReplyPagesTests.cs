using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PatientResponse.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PatientResponse.Tests.Browser;

/// <summary>A reply, looked at closely: large pictures, its text copied, on paper, done, asked again; and the list that
/// keeps itself fresh.</summary>
public sealed class ReplyPagesTests(Chromium chromium) : PageTest(chromium)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(21);

    [Theory, MemberData(nameof(Ways))]
    public async Task A_reply_with_pictures(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        var id = await alice.AsksAsync(App, "Please send photos of the rash.");
        await App.PatRepliesAsync(id, "Here they are.\n  Two of them.", ("left.jpg", Photo("landscape_6.jpg")), ("right.jpg", Photo("portrait_8.jpg")));
        await page.GotoAsync(id.Path());
        if (javaScript)
        {
            await LooksAtThePicturesByKeyboardAsync(page);
            await CopiesTheTextAsync(page);
        }
        else
        {
            await Expect(page.GetByText("Copy the text")).ToBeHiddenAsync();
            await Expect(page.Locator("[data-picture]").First).ToHaveAttributeAsync("href", $"{id.Path()}/files/1");
        }

        await page.ClickAsync(".app-bar >> text=Print");
        await page.ShouldSayAsync("Reply of Test Patient");
        await Expect(page.Locator("[data-print]")).ToBeVisibleAsync(new() { Visible = javaScript });
        await page.ShouldBeAccessible("reply to print: with pictures");

        await page.GotoAsync(id.Path());
        await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
        await page.ShouldShowAsync("Marked as done.");
        await page.ShouldBeAccessible("conversation: done");

        await page.ClickAsync(".app-bar >> text=Ask again");
        await Expect(page.Locator("#text")).ToHaveValueAsync("");
        await page.Keyboard.TypeAsync("Please send one in daylight.");
        await page.ClickAsync("#compose button >> text=Send");
        await Expect(page.Locator(".app-exchange")).ToHaveCountAsync(2);
        await Expect(page.Locator("#opened")).ToContainTextAsync("Please send one in daylight.");
        await Expect(page.Locator(".app-reply-text")).ToBeVisibleAsync();
        await page.ShouldBeAccessible("conversation: asked again");
    }

    [Fact]
    public async Task What_is_written_from_right_to_left_begins_on_the_right()
    {
        var (page, alice) = await Alice(nameof(Screen.Desktop), true);
        var id = await alice.AsksAsync(App);
        await App.PatRepliesAsync(id, "كوعي يؤلمني");

        await page.GotoAsync(id.Path());
        Assert.InRange(await SpaceOnTheRightAsync(".app-reply-text"), 0, 50);
        await page.GotoAsync($"{id.Path()}/print");
        Assert.InRange(await SpaceOnTheRightAsync(".app-print__text[dir]"), 0, 50);

        Task<double> SpaceOnTheRightAsync(string selector) => page.Locator(selector).EvaluateAsync<double>(
            "e => { const words = document.createRange(); words.selectNodeContents(e); return e.getBoundingClientRect().right - words.getBoundingClientRect().right; }");
    }

    [Fact]
    public async Task On_paper_every_sheet_says_who_and_when_and_each_picture_has_its_own()
    {
        var (page, alice) = await Alice(nameof(Screen.Desktop), true);
        var id = await alice.AsksAsync(App);
        var words = string.Concat(Enumerable.Range(1, 120).Select(line => $"Line {line} of a long answer.\n"));
        await App.PatRepliesAsync(id, words, ("left.jpg", Photo("landscape_6.jpg")), ("right.jpg", Photo("portrait_8.jpg")));
        await page.GotoAsync($"{id.Path()}/print", new() { WaitUntil = WaitUntilState.NetworkIdle });

        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true });

        var sheets = PdfText.Sheets(pdf);
        Assert.True(sheets.Count >= 5, $"{sheets.Count} sheets");
        Assert.All(sheets, sheet => Assert.All(["TestPatient", "1January1980", "9990000018", "Replyreceivedon2March2026"], text => Assert.Contains(text, sheet)));
        Assert.Contains("File1:left.jpg", sheets[^2]);
        Assert.Contains("File2:right.jpg", sheets[^1]);
        // How many lines a sheet takes depends on the machine's fonts; none is lost, cut or moved behind a picture.
        Assert.Equal(Enumerable.Range(1, 120), Regex.Matches(string.Concat(sheets.SkipLast(2)), @"Line(\d+)ofalonganswer\.").Select(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.All(sheets.SkipLast(2), sheet => Assert.DoesNotContain("File1:", sheet));
        Assert.Contains($"Page2of{sheets.Count}", sheets[1]);
    }

    [Fact]
    public async Task The_list_refreshes_itself_without_taking_the_focus_or_moving_what_is_in_view()
    {
        var (page, alice) = await Alice(nameof(Screen.Desktop), true);
        var sent = (await App.ConversationAsync(await alice.TellsAsync(App, "Nothing to do here."))).Sent;
        for (var i = 1; i <= 40; i++)
            await App.StartAsync(sent with { ConversationId = Guid.NewGuid(), Ref = $"ref{i}", At = sent.At.AddMinutes(-i) });
        var (first, second) = (await alice.AsksAsync(App, "first"), await alice.AsksAsync(App, "second"));
        await page.Clock.InstallAsync();
        await page.GotoAsync("/conversations");
        var row = page.Locator(".app-conversations__who").Nth(30);
        await row.FocusAsync();
        await row.EvaluateAsync("row => { row.scrollIntoView({ block: 'center' }); }");
        var href = await row.GetAttributeAsync("href");
        var top = await TopAsync();

        await App.PatRepliesAsync(first, "Yes");
        await App.PatRepliesAsync(second, "No");
        await page.Clock.FastForwardAsync((long)Refresh.TotalMilliseconds);

        await Expect(page.Locator("#news")).ToHaveTextAsync("2 new replies");
        await Expect(page.Locator(".app-badge")).ToContainTextAsync("2");
        await Expect(page.Locator(".app-conversations__item").First).ToContainTextAsync("Replied");
        Assert.Equal(href, await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        Assert.InRange(await TopAsync() - top, -1, 1);

        // The same news again is no news; hidden, it asks nothing.
        var requests = 0;
        page.Request += (_, _) => requests++;
        await page.EvaluateAsync("document.getElementById('news').textContent = ''");
        await page.RunAndWaitForResponseAsync(() => page.Clock.FastForwardAsync((long)Refresh.TotalMilliseconds), answer => answer.Url.EndsWith("/conversations", StringComparison.Ordinal));
        await Expect(page.Locator("#news")).ToHaveTextAsync("");
        await page.EvaluateAsync("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })");
        var before = requests;
        await page.Clock.FastForwardAsync((long)Refresh.TotalMilliseconds * 3);
        Assert.Equal(before, requests);

        Task<double> TopAsync() => page.EvaluateAsync<double>("document.activeElement.getBoundingClientRect().top");
    }

    private static async Task LooksAtThePicturesByKeyboardAsync(IPage page)
    {
        var (dialog, status) = (page.Locator("dialog"), page.Locator(".app-lightbox__status"));
        await page.Locator("[data-picture]").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(status).ToHaveTextAsync("Picture 1 of 2: left.jpg");
        var width = await WidthAsync();
        await page.Keyboard.PressAsync("+");
        await Expect(status).ToHaveTextAsync("Zoom 150 %");
        Assert.InRange(await WidthAsync() / width, 1.45, 1.55);
        await page.Keyboard.PressAsync("-");
        await page.Keyboard.PressAsync("r");
        await Expect(status).ToHaveTextAsync("Turned by 90 degrees");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(status).ToHaveTextAsync("Picture 2 of 2: right.jpg");
        await page.ShouldBeAccessible("picture: large");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(status).ToHaveTextAsync("Picture 1 of 2: left.jpg");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(page.Locator("[data-picture]").First).ToBeFocusedAsync();

        Task<double> WidthAsync() => page.Locator(".app-lightbox__picture").EvaluateAsync<double>("picture => picture.getBoundingClientRect().width");
    }

    private static async Task CopiesTheTextAsync(IPage page)
    {
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.ClickAsync("text=Copy the text");
        await Expect(page.Locator("#reply-text-copied")).ToHaveTextAsync("Copied");
        Assert.Equal("Here they are.\n  Two of them.", (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ReplaceLineEndings("\n"));
    }

    private static byte[] Photo(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Infrastructure/Files/photos", name));
}
