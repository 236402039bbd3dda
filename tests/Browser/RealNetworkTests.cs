using System.Net;
using Microsoft.Playwright;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Uploads over a real connection: what Kestrel does with them no test in memory shows.</summary>
public sealed class RealNetworkTests(Chromium chromium) : PageTest(chromium)
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Five_full_files_are_accepted()
    {
        var pat = await App.PatOpensAsync((await App.AliceAsksAsync()).Link);

        var page = await pat.AnswersAsync("", [.. Enumerable.Range(1, 5).Select(i => ($"photo{i}.jpg", SampleFiles.Jpeg(FileRules.MaxBytes)))]);

        Assert.Equal("Answer sent", page.Heading);
    }

    [Theory, InlineData(30), InlineData(98)]
    public async Task A_film_that_is_far_too_large_is_read_to_its_end_so_that_the_page_says_so_and_keeps_the_words(int megabytes)
    {
        var pat = await App.PatOpensAsync((await App.AliceAsksAsync()).Link);

        var page = await pat.AnswersAsync("My words", ("film.jpg", Film(megabytes)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("film.jpg: The selected file must be smaller than 7MB", page.Text);
        Assert.Contains("My words", page.Html.QuerySelector("#text")!.TextContent);
    }

    [Fact]
    public async Task More_than_100_MB_is_refused_before_it_is_sent()
    {
        var pat = await App.PatOpensAsync((await App.AliceAsksAsync()).Link);
        var request = pat.FileSubmission("#reply", [("film.jpg", Film(101))], ("text", "My words"));
        request.Headers.ExpectContinue = true;

        var answer = await pat.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("Your files are too big to send together. Your link still works.", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Chromium_shows_both_pages_and_Back_has_the_words_again()
    {
        var page = await Stranger(nameof(Screen.Phone), javaScript: false);
        await page.GotoAsync((await App.AliceAsksAsync()).Link);
        await page.GiveDateOfBirthAsync();
        await AnswerAsync(page, 101);
        await page.ShouldShowAsync("Your files are too big to send together. Your link still works.");
        await page.ShouldBeAccessible("not saved: too large");
        await page.GoBackAsync();
        Assert.Equal("My words", await page.InputValueAsync("#text"));

        await AnswerAsync(page, 30);
        await page.ShouldShowAsync("film.jpg: The selected file must be smaller than 7MB");
        Assert.Equal("My words", await page.InputValueAsync("#text"));
    }

    private static async Task AnswerAsync(IPage page, int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("film-");
        var film = Path.Combine(folder.FullName, "film.jpg");
        await File.WriteAllBytesAsync(film, Film(megabytes));
        await page.SetInputFilesAsync("#files", film);
        await page.AnswerAsync("My words");
        folder.Delete(recursive: true);
    }

    private static byte[] Film(int megabytes)
    {
        var film = new byte[megabytes * Megabyte];
        SampleFiles.Jpeg().CopyTo(film, 0);
        return film;
    }
}
