using Microsoft.Playwright;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>The patient's pages in Welsh, and in a made-up language that is long and goes from right to left.</summary>
public sealed class LanguagePagesTests(Chromium chromium) : PageTest(chromium)
{
    public static TheoryData<string> Others { get; } = [Language.Welsh.Tag, Language.Pseudo.Tag];

    [Theory, InlineData(true), InlineData(false)]
    public async Task Enter_in_a_field_saves_and_changes_no_language(bool javaScript)
    {
        App.Settings["Languages:Offered"] = "en,cy";
        var asked = await (await App.AliceSignsInAsync()).AsksAsync(App);
        var page = await Stranger(nameof(Screen.Phone), javaScript);
        await page.GotoAsync(await LinkOfAsync(asked));
        await page.GiveDateOfBirthAsync();
        await page.FillAsync("#text", "She is better");
        await page.CheckAsync("#proxy");
        await page.FillAsync("#proxyName", "Jo");

        await page.RunAndWaitForResponseAsync(() => page.PressAsync("#proxyName", "Enter"), response => response.Status == 303);

        await page.ShouldSayAsync("Your answer");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("She is better");
        await Assertions.Expect(page.Locator("#proxyName")).ToHaveValueAsync("Jo");
        Assert.Null((await App.ConversationAsync(asked)).Reply);
    }

    [Theory, MemberData(nameof(Others))]
    public async Task Pat_answers_in_another_language(string tag)
    {
        App.Settings["Languages:Offered"] = "en,cy,en-x-pseudo";
        var language = Language.OfTag(tag)!;
        var alice = await App.AliceSignsInAsync();
        var link = await LinkOfAsync(await alice.AsksAsync(App, "How is your rash today?"));
        var page = await Stranger(nameof(Screen.Phone), javaScript: tag == "cy");
        await page.GotoAsync("/");
        await page.ClickAsync($"text={language.Name}");
        await Visit("home");
        await page.GotoAsync("/r/00000000000000000000000000");
        await Visit("link");
        await page.GotoAsync(link);
        await page.FillAsync("#day", "2");
        await page.FillAsync("#month", "2");
        await page.FillAsync("#year", "1980");
        await page.ClickAsync("main form button");
        await Assertions.Expect(page.Locator("#dob-error")).ToBeVisibleAsync();
        await Visit("date of birth");
        await page.FillAsync("#day", "1");
        await page.FillAsync("#month", "1");
        await page.ClickAsync("main form button");
        await page.FillAsync("#text", "It hurts at night");
        await page.SetInputFilesAsync("input[type=file] >> nth=-1", new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = [1] });
        await page.ClickAsync("button[value=send]");
        await Assertions.Expect(page.Locator(".nhsuk-error-summary, .nhsuk-error-message").First).ToBeVisibleAsync();
        await Visit("reply");
        await page.GotoAsync(page.Url);
        await page.SetInputFilesAsync("input[type=file] >> nth=-1", new FilePayload { Name = "arm.jpg", MimeType = "image/jpeg", Buffer = SampleFiles.Jpeg() });
        await page.ClickAsync("button[value=send]");
        await Assertions.Expect(page.Locator(".nhsuk-panel")).ToBeVisibleAsync();
        await Visit("sent");

        async Task Visit(string state)
        {
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", tag);
            Assert.Equal(language.IsRightToLeft ? "rtl" : null, await page.Locator("html").GetAttributeAsync("dir"));
            await page.ShouldBeAccessible($"{(tag == "cy" ? "in Welsh" : "right to left")}: {state}");
        }
    }
}
