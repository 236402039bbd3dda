using System.IO.Compression;
using System.Text;
using Microsoft.Playwright;
using PatientResponse.Tests.Infrastructure.Files;
using static Microsoft.Playwright.Assertions;

namespace PatientResponse.Tests.Browser;

/// <summary>The whole job, by hand, as in the README's five-minute walk.</summary>
public sealed class WholeJobTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Question = "How is your rash today? Please send two photos.";
    private const string Answer = "Much better, thank you.\nIt only itches at night.";
    private static readonly byte[] Letter = SampleFiles.Pdf(150_000);
    private static readonly byte[] Diary = SampleFiles.Docx(40_000);

    [Theory]
    [InlineData(nameof(Screen.Desktop), false)]
    [InlineData(nameof(Screen.Desktop), true)]
    [InlineData(nameof(Screen.Phone), false)]
    [InlineData(nameof(Screen.Phone), true)]
    public async Task Alice_asks_Pat_answers_with_photos_and_Alice_saves_the_reply(string screen, bool javaScript)
    {
        await using var app = new BrowserApp(isLive: true);
        var (size, photo) = (Screen.Named(screen), Photo("gps_DSCN0010.jpg"));
        Assert.True(HoldsPlace(photo));

        var staff = await Browser(size, app.Address, javaScript);
        var alice = await staff.NewPageAsync();
        await WriteAsync(alice, javaScript);
        await SentAsync(alice);

        var phone = await staff.NewPageAsync();
        await phone.GotoAsync("/dev/phone");
        await phone.WaitForAsync(".app-phone__item--sms a");
        Assert.Contains(Question, await phone.Locator(".app-phone__item--sms .app-sms").InnerTextAsync());
        var link = await phone.GetAttributeAsync(".app-phone__item--sms a", "href");

        var pat = await Page(size, app.Address, javaScript);
        await pat.GotoAsync(link!);
        await pat.ShouldShowAsync("Demo Surgery sent you a text message");
        await pat.GiveDateOfBirthAsync();
        await pat.ShouldShowAsync(Question);
        await AnswerAsync(pat, photo);
        await pat.ShouldSayAsync("Answer sent");
        await pat.ShouldShowAsync("What happens next");

        await phone.WaitForAsync(".app-phone__item--email a");
        Assert.DoesNotContain("Test Patient", await phone.Locator(".app-phone__item--email .app-sms").InnerTextAsync());
        var reply = await staff.RunAndWaitForPageAsync(() => phone.ClickAsync(".app-phone__item--email a"));
        await ReadAsync(reply, photo);

        var later = await Page(size, app.Address, javaScript);
        await later.GotoAsync(reply.Url);
        await later.ShouldSayAsync("Sign in");
        await later.SignInAsync();
        await Expect(later).ToHaveURLAsync(reply.Url);
        await Expect(later.Locator(".app-reply-text")).ToHaveTextAsync(Answer);
    }

    /// <summary>From the start page to the click on Send.</summary>
    internal static async Task WriteAsync(IPage alice, bool javaScript)
    {
        await alice.GotoAsync("/");
        await alice.ClickAsync("text=Staff: sign in");
        await alice.SignInAsync();
        await alice.ShouldSayAsync("Conversations");
        await alice.ClickAsync("nav >> text=Patients");
        await alice.GetByLabel("NHS number or name").FillAsync("999-000 0018");
        await alice.ClickAsync("main form button");
        await alice.ClickAsync("a >> text=Message patient");
        // With its scripts: what is typed before them has no preview yet.
        await alice.WaitForURLAsync("**/message");
        await alice.GetByLabel("Your message").FillAsync(Question);
        if (javaScript)
            await Expect(alice.Locator("#preview .app-sms")).ToContainTextAsync(Question);
        await alice.GetByLabel("Allow patient response").CheckAsync();
        if (javaScript)
            await Expect(alice.Locator("#preview .app-sms")).ToContainTextAsync("Reply within 7 days: http");
        await alice.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
    }

    internal static async Task SentAsync(IPage alice)
    {
        await alice.ShouldSayAsync("Message to Test Patient");
        await alice.ShouldShowAsync("Waiting for a reply until");
    }

    /// <param name="onDisk">A folder to put the files in first; otherwise they are in memory only.</param>
    internal static async Task AnswerAsync(IPage pat, byte[] photo, string? onDisk = null)
    {
        (string Name, byte[] Bytes)[] files = [("DSCN0010.jpg", photo), ("arm.jpg", Photo("portrait_8.jpg")), ("letter.pdf", Letter), ("diary.docx", Diary)];
        if (onDisk is null)
        {
            await pat.AnswerAsync(Answer, files);
            return;
        }
        foreach (var (name, bytes) in files)
            await File.WriteAllBytesAsync(Path.Combine(onDisk, name), bytes);
        await pat.SetInputFilesAsync("#files", files.Select(file => Path.Combine(onDisk, file.Name)));
        await pat.AnswerAsync(Answer);
    }

    /// <summary>Everything that Pat sent is there, as it was sent.</summary>
    internal static async Task ReadAsync(IPage reply, byte[] photo)
    {
        await Expect(reply.Locator(".app-reply-text")).ToHaveTextAsync(Answer);
        await Expect(reply.Locator(".app-thumb")).ToHaveCountAsync(2);
        foreach (var picture in await reply.Locator(".app-thumb").AllAsync())
        {
            await picture.ScrollIntoViewIfNeededAsync();
            for (var tries = 0; tries < 40 && await WidthAsync(picture) == 0; tries++)
                await reply.WaitForTimeoutAsync(100);
            Assert.True(await WidthAsync(picture) > 0, "A picture did not load.");
        }

        Assert.Equal(Letter, await DownloadAsync(reply, "Download letter.pdf", "letter.pdf"));
        var saved = await DownloadAsync(reply, "Download DSCN0010.jpg", "DSCN0010.jpg");
        Assert.False(HoldsPlace(saved));
        Assert.InRange(saved.Length, photo.Length * 8 / 10, photo.Length);

        using var zip = new ZipArchive(new MemoryStream(await DownloadAsync(reply, "Download all (zip)", null)));
        Assert.Equal(["reply.txt", "DSCN0010.jpg", "arm.jpg", "letter.pdf", "diary.docx"], zip.Entries.Select(entry => entry.FullName));
        Assert.Contains(Answer.ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(Bytes(zip.Entries[0])));
        Assert.Equal(saved, Bytes(zip.Entries[1]));
        Assert.Equal(Diary, Bytes(zip.Entries[4]));
    }

    private static async Task<byte[]> DownloadAsync(IPage page, string link, string? name)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
        if (name is not null)
            Assert.Equal(name, download.SuggestedFilename);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    private static Task<int> WidthAsync(ILocator picture) => picture.EvaluateAsync<int>("picture => picture.naturalWidth");

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The map datum is part of the place that a camera writes down.</summary>
    private static bool HoldsPlace(byte[] photo) => photo.AsSpan().IndexOf("WGS-84"u8) >= 0;

    internal static byte[] Photo(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Infrastructure/Files/photos", name));
}
