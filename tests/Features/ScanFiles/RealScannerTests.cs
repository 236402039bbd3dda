using System.Net;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ScanningFiles;

/// <summary>The product with a real clamd.</summary>
[Collection(Clamd.Name)]
public class RealScannerTests
{
    [Fact]
    public async Task Bob_sends_a_virus_and_is_told_and_his_other_files_arrive()
    {
        await using var app = Scanned();
        var (alice, id) = await AskedAsync(app);
        var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(id)).Token}");
        await pat.AnswersAsync("My answer", ("good.docx", SampleFiles.Docx()), ("bad.pdf", Clamd.InfectedPdf), ("photo.jpg", SampleFiles.Jpeg()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, pat.Page.Status);
        Assert.Contains("bad.pdf: The selected file contains a virus", pat.Page.Text);
        await pat.AnswersAsync("My answer");
        Assert.Equal([("good.docx", FileScan.Clean), ("photo.jpg", FileScan.Clean)],
            (await app.ConversationAsync(id)).Reply!.Files.Select(file => (file.Name, file.Scan)));
        Assert.Contains("None was found", (await alice.GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task While_clamd_hangs_files_wait_and_are_scanned_by_themselves_when_it_goes_on()
    {
        await using var app = Scanned();
        var (alice, id) = await AskedAsync(app);
        using (Clamd.OfThisRun().Hangs())
        {
            var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(id)).Token}");
            await app.Time.PassUntilAsync(pat.AnswersAsync("Words at once", ("a.pdf", SampleFiles.Pdf()), ("b.pdf", Clamd.InfectedPdf)));
            Assert.Contains("Files you sent wait to be checked for viruses", pat.Page.Text);
            await app.Time.PassUntilAsync(app.DoQueuedWorkAsync().ContinueWith(done => done.IsCompletedSuccessfully, TaskScheduler.Default));
            Assert.Contains("Words at once", (await alice.GetAsync($"/conversations/{id:N}")).Text);
            Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync($"/conversations/{id:N}/files/1")).Status);
        }
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await app.DoQueuedWorkAsync();

        Assert.Equal([FileScan.Clean, FileScan.Infected], (await app.ConversationAsync(id)).Reply!.Files.Select(file => file.Scan));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{id:N}/files/1")).Status);
        Assert.Contains(app.SentEmails, email => email.Subject == "A file in a patient's reply contains a virus");
    }

    private static TestApp Scanned()
    {
        var clamd = Clamd.OfThisRun();
        return new() { Settings = { ["Scan:ClamAv:Host"] = clamd.Host, ["Scan:ClamAv:Port"] = $"{clamd.Port}" } };
    }

    private static async Task<(TestBrowser Alice, Guid Id)> AskedAsync(TestApp app)
    {
        var alice = await app.AliceSignsInAsync();
        return (alice, await alice.AsksAsync(app));
    }
}
