using Microsoft.Playwright;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Whoever gets the phone or the desk next finds nothing behind the Back button.</summary>
public sealed class BackButtonTests(Chromium chromium) : PageTest(chromium)
{
    private const string Question = "How is your rash today?";

    [Theory, InlineData(true), InlineData(false)]
    public async Task After_sending_Back_shows_nothing_of_the_message_or_the_answer(bool javaScript)
    {
        var page = await Stranger(nameof(Screen.Phone), javaScript);
        await page.GotoAsync((await App.AliceAsksAsync(Question)).Link);
        await page.GiveDateOfBirthAsync("2", "1", "1980");
        await page.ShouldShowAsync("4 tries left");
        await page.GiveDateOfBirthAsync();
        await page.ShouldShowAsync(Question);
        await page.AnswerAsync("", ("film.mov", [1]));
        await page.ShouldShowAsync("There is a problem");
        await page.AnswerAsync("It still itches");
        await page.ShouldSayAsync("Answer sent");

        await NothingAsync(page, Question, "It still itches", "1980");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task After_signing_out_Back_shows_nothing_of_the_patients(bool javaScript)
    {
        var page = await Stranger(nameof(Screen.Desktop), javaScript);
        await page.GotoAsync("/sign-in");
        await page.SignInAsync();
        await page.GotoAsync("/patients?q=9990000018");
        await page.ClickAsync("a >> text=Message patient");
        await page.GetByLabel("Your message").FillAsync(Question);
        await page.GetByLabel("Allow patient response").CheckAsync();
        await page.ClickAsync("#compose button");
        await page.ShouldSayAsync("Message to Test Patient");
        await page.ClickAsync("text=Sign out");
        await page.ShouldSayAsync("Sign in");

        await NothingAsync(page, "Test Patient", Question, "999 000 0018");
    }

    /// <summary>Goes all the way back and forward again.</summary>
    private static async Task NothingAsync(IPage page, params string[] secrets)
    {
        var seenPages = 0;
        foreach (var go in (Func<Task<IResponse?>>[])[() => page.GoBackAsync(), () => page.GoForwardAsync()])
        {
            for (var step = 0; step < 8; step++)
            {
                try
                {
                    if (await go() is null)
                        break;
                }
                catch (PlaywrightException e) when (e.Message.Contains("ERR_CACHE_MISS", StringComparison.Ordinal))
                {
                    // The answer to a POST was not kept: the browser shows a page of its own, in a moment.
                    await page.WaitForTimeoutAsync(1000);
                    continue;
                }
                var seen = await page.ContentAsync() + await page.EvaluateAsync<string>("[...document.querySelectorAll('input, textarea')].map(e => e.value).join()");
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, seen, StringComparison.Ordinal));
                seenPages++;
            }
        }
        Assert.True(seenPages >= 4, $"Only {seenPages} pages were seen on the way.");
    }
}
