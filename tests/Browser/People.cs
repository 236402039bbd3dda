using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>What people do in a browser, in one line each.</summary>
internal static class People
{
    /// <summary>Types a message, and waits for its preview where scripts make one: what happens next happens to a quiet page.</summary>
    public static async Task WriteAsync(this IPage page, string text)
    {
        await page.GetByLabel("Your message").FillAsync(text);
        if (PageRecord.Of(page).JavaScript)
            await Assertions.Expect(page.Locator("#preview")).ToContainTextAsync(text);
    }

    public static async Task SignInAsync(this IPage page, string email = Scenario.AlicesEmail, string password = Scenario.Password)
    {
        await page.GetByLabel("Email address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.ClickAsync("main form button");
    }

    public static async Task GiveDateOfBirthAsync(this IPage page, string day = "1", string month = "1", string year = "1980")
    {
        await page.GetByLabel("Day").FillAsync(day);
        await page.GetByLabel("Month").FillAsync(month);
        await page.GetByLabel("Year").FillAsync(year);
        await page.ClickAsync("main form button");
    }

    public static async Task AnswerAsync(this IPage page, string text, params (string Name, byte[] Bytes)[] files)
    {
        await page.GetByLabel("Write your answer").FillAsync(text);
        if (files.Length > 0)
            await page.SetInputFilesAsync("#files", files.Select(file => new FilePayload { Name = file.Name, MimeType = "", Buffer = file.Bytes }));
        await page.ClickAsync("text=Send my answer");
    }

    /// <summary>The page's main heading, or the one it will have soon.</summary>
    public static Task ShouldSayAsync(this IPage page, string heading) =>
        Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(heading);

    /// <summary>As text that can be seen: what waits in the page to be shown does not count.</summary>
    public static Task ShouldShowAsync(this IPage page, string text) =>
        Assertions.Expect(page.Locator("body")).ToContainTextAsync(text, new() { UseInnerText = true });

    public static Task ShouldBeAtAsync(this IPage page, string path) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(path));

    /// <summary>Reloads until the page shows it: what workers do takes a moment.</summary>
    public static async Task WaitForAsync(this IPage page, string selector)
    {
        for (var tries = 0; tries < 60 && await page.Locator(selector).CountAsync() == 0; tries++)
        {
            await page.WaitForTimeoutAsync(250);
            await page.ReloadAsync();
        }
        await Assertions.Expect(page.Locator(selector).First).ToBeVisibleAsync();
    }

    /// <summary>Gives a browser what another person signed in or confirmed over plain HTTP.</summary>
    public static Task TakeOverAsync(this IBrowserContext context, TestBrowser browser) =>
        context.AddCookiesAsync(browser.Cookies.GetAllCookies().Select(cookie => new Microsoft.Playwright.Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
        }));

    /// <summary>The page's device can make and use passkeys, and says yes to each.</summary>
    public static async Task HasPasskeysAsync(this IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    public static string Path(this Guid conversation) => $"/conversations/{conversation:N}";
}
