using System.Net;
using PatientResponse.Infrastructure.Files;
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
    public async Task In_the_browser_too()
    {
        var page = await Stranger(nameof(Screen.Phone), javaScript: false);
        await page.GotoAsync((await App.AliceAsksAsync()).Link);
        await page.GiveDateOfBirthAsync();
        var film = Path.Combine(Directory.CreateTempSubdirectory("film-").FullName, "film.jpg");
        await File.WriteAllBytesAsync(film, Film(30));
        await page.SetInputFilesAsync("#files", film);
        await page.AnswerAsync("My words");
        Directory.Delete(Path.GetDirectoryName(film)!, recursive: true);
        await page.ShouldShowAsync("film.jpg: The selected file must be smaller than 7MB");
        Assert.Equal("My words", await page.InputValueAsync("#text"));
    }

    /// <summary>A client that asks first, or listens while it sends, reads this page. Chromium does neither well: it may show
    /// its own page of a connection that was closed.</summary>
    [Fact]
    public async Task More_than_100_MB_is_answered_with_a_page_before_it_is_sent()
    {
        var pat = await App.PatOpensAsync((await App.AliceAsksAsync()).Link);
        var request = pat.FileSubmission("#reply", [("film.jpg", Film(101))], ("text", "My words"));
        request.Headers.ExpectContinue = true;

        var answer = await pat.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Your files are too big to send together. Your link still works.", html);

        var page = await Stranger(nameof(Screen.Phone), javaScript: false);
        await page.RouteAsync("**/reply/**", route => route.FulfillAsync(new()
        {
            Status = (int)answer.StatusCode,
            Body = html,
            Headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
        }));
        await page.GotoAsync(request.RequestUri!.ToString());
        await page.ShouldBeAccessible("not saved: too large");
    }

    private static byte[] Film(int megabytes)
    {
        var film = new byte[megabytes * Megabyte];
        SampleFiles.Jpeg().CopyTo(film, 0);
        return film;
    }
}
