using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>A real browser whose user has blocked all cookies.</summary>
public sealed class NoCookiesPagesTests(Chromium chromium) : PageTest(chromium)
{
    private readonly Chromium _chromium = chromium;
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("no-cookies");

    [Fact]
    public async Task Pat_and_Alice_read_that_their_browser_keeps_no_cookies()
    {
        var alice = await App.AliceSignsInAsync();
        var link = await LinkOfAsync(await alice.AsksAsync(App));
        await using var browser = await _chromium.OpenWithoutCookiesAsync(Screen.Phone, App.Address, _profile.FullName);
        var page = await browser.NewPageAsync();

        await page.GotoAsync(link);
        await page.GiveDateOfBirthAsync();
        await page.ShouldSayAsync("This browser keeps no cookies");
        await page.ShouldBeAccessible("no cookies: plain");
        await page.ReloadAsync();
        await page.ShouldSayAsync("This browser keeps no cookies");
        await page.GoBackAsync();
        await page.ShouldShowAsync("What is your date of birth?");

        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        await App.DoQueuedWorkAsync();
        await page.GotoAsync(App.NewestLink());
        await page.GiveDateOfBirthAsync();
        await page.ShouldSayAsync("This browser keeps no cookies");
        await page.ShouldBeAccessible("no cookies: neutral");

        await page.GotoAsync("/sign-in");
        await page.SignInAsync();
        await page.ShouldSayAsync("This browser seems to keep no cookies");
        await page.ShouldBeAccessible("stale form: no cookies");
        Assert.Empty(await browser.CookiesAsync());
    }

    [Fact]
    public async Task A_passkey_that_cannot_be_used_without_cookies_leads_to_the_reason()
    {
        await using var browser = await _chromium.OpenWithoutCookiesAsync(Screen.Desktop, App.Address, _profile.FullName);
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("text=Sign in with a passkey");
        await page.ShouldSayAsync("This browser seems to keep no cookies");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _profile.Delete(recursive: true);
    }
}
