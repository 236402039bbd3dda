using Microsoft.Playwright;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

public sealed class PhoneNumbersTests(Chromium chromium) : PageTest(chromium)
{
    [Fact]
    public async Task A_number_to_call_is_large_enough_for_a_thumb_stays_on_one_line_and_is_plain_on_paper()
    {
        var alice = await App.AliceSignsInAsync();
        var link = await LinkOfAsync(await alice.AsksAsync(App));
        var page = await Page(new Screen(320, 640, Touch: true), App.Address);
        await page.GotoAsync(link);
        await page.GiveDateOfBirthAsync();
        await page.ShouldSayAsync("Your answer");

        var numbers = page.Locator("a[href^='tel:']");
        Assert.Equal(["01632 960001", "111", "999"], await numbers.AllInnerTextsAsync());
        for (var i = 0; i < 3; i++)
        {
            var box = (await numbers.Nth(i).BoundingBoxAsync())!;
            Assert.InRange(box.Height, 24, 32);
            Assert.InRange(box.Width, 24, 288);
        }
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("none", await numbers.First.EvaluateAsync<string>("link => getComputedStyle(link, '::after').content"));
        Assert.Contains("(Link:", await page.Locator("a:not([href^='tel:'])").First.EvaluateAsync<string>("link => getComputedStyle(link, '::after').content"));
    }
}
