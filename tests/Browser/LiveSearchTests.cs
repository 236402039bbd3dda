using Microsoft.Playwright;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Alice searches: results follow what she types, and the keyboard is enough.</summary>
public sealed partial class LiveSearchTests(Chromium chromium) : PageTest(chromium)
{
    [Fact]
    public async Task Results_follow_the_typing_and_the_keys_lead_through_them()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync("/patients");
        await Assertions.Expect(page.Locator("#q")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("David Smit");
        await page.ShouldShowAsync("2 patients found");
        await Assertions.Expect(page.Locator("#search-status")).ToHaveTextAsync("2 patients found");
        await Assertions.Expect(page).ToHaveURLAsync(KeptAddress());
        await page.ShouldBeAccessible("patients: while typing");
        await page.Keyboard.TypeAsync("/h");
        await Assertions.Expect(page.Locator("#q")).ToHaveValueAsync("David Smit/h");
        // The keys go through what is there: until then it may be put in place anew.
        var answered = page.EvaluateAsync("new Promise(done => document.addEventListener('htmx:afterSettle', event => { if (event.detail.requestConfig.parameters.q === 'David Smit') done(); }))");
        foreach (var _ in (int[])[1, 2])
            await page.Keyboard.PressAsync("Backspace");
        await answered;
        await page.ShouldShowAsync("2 patients found");

        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#results tbody a").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(page.Locator("#q")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message patient");
    }

    [Fact]
    public async Task An_older_answer_never_takes_the_place_of_a_newer_one()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync("/patients");
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync(address => address.EndsWith("/patients", StringComparison.Ordinal), async route =>
        {
            if (route.Request.PostData?.Contains("q=Dav&", StringComparison.Ordinal) != true)
            {
                await route.ContinueAsync();
                return;
            }
            reached.TrySetResult();
            await released.Task;
            await route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>The older answer</p>" });
        });
        await page.Locator("#q").PressSequentiallyAsync("Dav");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var given = page.WaitForRequestFinishedOrFailedAsync();
        await page.Locator("#q").PressSequentiallyAsync("id Smith");
        await page.ShouldShowAsync("2 patients found");
        released.SetResult();
        await given;
        await page.ShouldShowAsync("2 patients found");
        await Assertions.Expect(page.GetByText("The older answer")).ToHaveCountAsync(0);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task What_Alice_searched_for_is_in_no_address_and_there_again_when_she_goes_back(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        var addresses = new List<string>();
        page.Request += (_, request) => addresses.Add(request.Url);
        await page.GotoAsync("/patients");
        await page.Locator("#q").FillAsync("Susan Smith 2007");
        await page.ClickAsync(".app-search__button");
        await page.ShouldShowAsync("1 patient found");
        await Assertions.Expect(page).ToHaveURLAsync(KeptAddress());
        await page.ClickAsync("#results a");
        await page.ShouldSayAsync("Message patient");
        await page.GoBackAsync();
        await page.ShouldShowAsync("1 patient found");
        await Assertions.Expect(page.Locator("#q")).ToHaveValueAsync("Susan Smith 2007");
        if (javaScript)
        {
            await page.Locator("#q").FillAsync("David Smith 1991");
            await page.ShouldShowAsync("999 255 3693");
            await page.ClickAsync("#results a");
            await page.ShouldSayAsync("Message patient");
            await page.GoBackAsync();
            await page.ShouldShowAsync("999 255 3693");
        }
        await page.ReloadAsync();
        await page.ShouldShowAsync("1 patient found");
        Assert.Contains(addresses, address => address.Contains("/patients", StringComparison.Ordinal));
        Assert.DoesNotContain(addresses, address => address.Contains("Smith", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Similar_names_and_a_search_that_is_no_longer_kept(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/patients");
        await page.Locator("#q").FillAsync("smiht");
        await page.ClickAsync(".app-search__button");
        await page.ShouldShowAsync("Similar names");
        await page.ShouldBeAccessible("patients: similar names");
        await page.GotoAsync("/patients?search=00000000000000000000000000000000");
        await page.ShouldShowAsync("This search is no longer kept. Search again.");
        await page.ShouldBeAccessible("patients: no longer kept");
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"/patients\?search=[0-9a-f]{32}$")]
    private static partial System.Text.RegularExpressions.Regex KeptAddress();

    [Theory, MemberData(nameof(Ways))]
    public async Task Whom_Alice_messaged_lately_and_who_left_the_list(string screen, bool javaScript)
    {
        await App.AliceAsksAsync();
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/patients");
        await page.ShouldShowAsync("Recently messaged");
        await page.ShouldBeAccessible("patients: recently messaged");

        await App.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update patients set missing_since = 1");
            return true;
        });
        await page.GotoAsync("/patients?q=9992091452");
        await page.ShouldBeAccessible("patients: not on the list");
        await page.ClickAsync("#results a");
        await page.ShouldShowAsync("Not on the current list – check before you message");
        await page.ShouldBeAccessible("message: not on the list");
    }
}

file static class Requests
{
    /// <summary>The next request that ends well or is given up.</summary>
    public static Task WaitForRequestFinishedOrFailedAsync(this IPage page)
    {
        var ended = new TaskCompletionSource();
        page.RequestFailed += (_, _) => ended.TrySetResult();
        page.RequestFinished += (_, request) => _ = request.PostData?.Contains("q=Dav&", StringComparison.Ordinal) == true && ended.TrySetResult();
        return ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
