using System.IO.Compression;
using System.Net;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.DownloadingReplies;

public class DownloadReplyTests
{
    [Theory]
    [InlineData("knee.png", FileKind.Png, "image/png")]
    [InlineData("letter.pdf", FileKind.Pdf, "application/pdf")]
    [InlineData("form.docx", FileKind.Docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    public async Task A_file_comes_back_whole_as_an_attachment_without_rights(string name, FileKind kind, string mediaType)
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app);
        var bytes = SampleFiles.Of(kind, kind == FileKind.Pdf ? 200_000 : null);
        await app.PatRepliesAsync(id, "", (name, bytes));

        var response = await GetAsync(alice, $"/conversations/{id:N}/files/1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var content = await response.Content.ReadAsByteArrayAsync();
        if (!kind.IsImage())
            Assert.Equal(bytes, content); // An image is kept without its metadata.
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(name, response.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("sandbox; default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("1e0")]
    [InlineData("99999999999999999999")]
    public async Task A_file_that_is_not_there_is_not_found(string number)
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app);
        await app.PatRepliesAsync(id, "", ("letter.pdf", SampleFiles.Of(FileKind.Pdf)));

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(alice, $"/conversations/{id:N}/files/{number}")).StatusCode);
    }

    [Fact]
    public async Task No_name_splits_a_header_and_none_is_a_path()
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app);
        var file = await app.StoreFileAsync(id, "letter.pdf", SampleFiles.Of(FileKind.Pdf));
        string[] names = ["a\r\nSet-Cookie: x=1.pdf", "quote\".pdf", "../../etc/passwd", "C:\\x\\y.pdf", "a\0b.pdf", "レポート.pdf", .. NaughtyStrings.All];
        await app.AppendAsync(id, new ReplyUploaded(Guid.NewGuid(), "", [.. names.Select(name => file with { Name = name })], "", app.Time.GetUtcNow()));

        for (var number = 1; number <= names.Length; number++)
        {
            var response = await GetAsync(alice, $"/conversations/{id:N}/files/{number}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("Set-Cookie"));
            var header = Assert.Single(response.Content.Headers.GetValues("Content-Disposition"));
            Assert.StartsWith("attachment; filename=", header);
            Assert.All(header, c => Assert.InRange(c, ' ', '~'));
            Assert.Equal(SafeFileName.Of(names[number - 1]), response.Content.Headers.ContentDisposition!.FileNameStar);
        }
        Assert.Equal("レポート.pdf", (await GetAsync(alice, $"/conversations/{id:N}/files/6")).Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task The_zip_holds_the_question_the_reply_and_the_files_under_safe_names()
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app, "How is your knee?\nAnd the elbow?");
        var pdf = SampleFiles.Of(FileKind.Pdf);
        await app.PatRepliesAsync(id, "Both better – thank you", ("a/../letter.pdf", pdf), ("LETTER.pdf", pdf), ("膝.png", SampleFiles.Of(FileKind.Png)));

        var response = await GetAsync(alice, $"/conversations/{id:N}/download");

        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^reply-[0-9a-z]{12}\\.zip$", response.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal("sandbox; default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
        Assert.Equal(["reply.txt", "letter.pdf", "LETTER (2).pdf", "膝.png"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(pdf, await BytesAsync(zip.Entries[1]));
        var text = await new StreamReader(zip.Entries[0].Open()).ReadToEndAsync();
        Assert.Equal(string.Join("\r\n",
            "Patient: Test Patient (test patient)", "NHS number: 999 000 0018", "Date of birth: 1 January 1980", "",
            "Asked by: Dr Dana Demo", "Sent: Monday 2 March 2026 at 9:30am", "",
            "Question", "--------", "How is your knee?", "And the elbow?", "",
            "Reply received: Monday 2 March 2026 at 9:30am", "", "Reply", "-----", "Both better – thank you", "",
            "Files", "1. letter.pdf", "2. LETTER (2).pdf", "3. 膝.png", ""), text);
    }

    [Fact]
    public async Task A_reply_of_words_alone_is_saved_as_a_zip_too()
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app);
        await app.PatRepliesAsync(id, "Better");

        using var zip = new ZipArchive(await (await GetAsync(alice, $"/conversations/{id:N}/download")).Content.ReadAsStreamAsync());

        Assert.Contains("Better", await new StreamReader(Assert.Single(zip.Entries).Open()).ReadToEndAsync());
    }

    [Fact]
    public async Task Without_a_reply_there_is_nothing_to_download()
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(alice, $"/conversations/{id:N}/download")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(alice, $"/conversations/{id:N}/files/1")).StatusCode);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("swapped")]
    [InlineData("deleted")]
    public async Task Nothing_of_a_damaged_file_is_shown_and_the_others_still_open(string damage)
    {
        await using var app = new TestApp();
        var (alice, id) = await AskedAsync(app);
        var pdf = SampleFiles.Of(FileKind.Pdf, 200_000);
        await app.PatRepliesAsync(id, "", ("first.pdf", pdf), ("second.pdf", pdf), ("third.pdf", pdf));
        Assert.Equal(pdf, await (await GetAsync(alice, $"/conversations/{id:N}/files/1")).Content.ReadAsByteArrayAsync());
        var stored = (await app.ConversationAsync(id)).Reply!.Files.Select(file => Path.Combine(app.DataFolder, "files", id.ToString("N"), file.Id.ToString("N"))).ToList();
        var (first, second) = (stored[0], stored[1]);
        switch (damage)
        {
            case "flipped":
                var bytes = await File.ReadAllBytesAsync(first);
                bytes[100_000] ^= 1; // In the middle: what stands before and after it would decrypt.
                await File.WriteAllBytesAsync(first, bytes);
                break;
            case "truncated":
                await using (var file = File.OpenWrite(first))
                    file.SetLength(file.Length - 65552);
                break;
            case "swapped":
                File.Copy(second, first, overwrite: true);
                break;
            case "deleted":
                File.Delete(first);
                break;
        }

        foreach (var address in new[] { $"/conversations/{id:N}/files/1", $"/conversations/{id:N}/download" })
        {
            var page = await alice.GetAsync(address);
            Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
            Assert.Equal("This file is damaged and cannot be opened", page.Heading);
            Assert.Contains("first.pdf", page.Text);
            Assert.DoesNotContain("%PDF", page.Source);
        }
        Assert.Equal(pdf, await (await GetAsync(alice, $"/conversations/{id:N}/files/2")).Content.ReadAsByteArrayAsync());
    }

    private static async Task<(TestBrowser Alice, Guid Id)> AskedAsync(TestApp app, string text = "How is your knee?")
    {
        var alice = await app.AliceSignsInAsync();
        return (alice, await alice.AsksAsync(app, text));
    }

    private static Task<HttpResponseMessage> GetAsync(TestBrowser browser, string address) =>
        browser.SendAsync(new(HttpMethod.Get, new Uri("http://localhost" + address)));

    private static async Task<byte[]> BytesAsync(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        await using var content = entry.Open();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
