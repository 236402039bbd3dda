using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Files that a virus scanner refuses, keeps waiting, or condemns later.</summary>
public sealed class ScanPagesTests : PageTest
{
    private readonly ScriptedScanner _scanner = new() { Says = _ => ScanOutcome.Infected };

    public ScanPagesTests(Chromium chromium) : base(chromium) =>
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileScanner>(_scanner));

    [Theory, MemberData(nameof(Ways))]
    public async Task A_virus_and_files_that_wait(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        var id = await alice.AsksAsync(App);
        var pat = await Stranger(screen, javaScript);
        await pat.GotoAsync(await LinkOfAsync(id));
        await pat.FillAsync("[name=day]", "1");
        await pat.FillAsync("[name=month]", "1");
        await pat.FillAsync("[name=year]", "1980");
        await pat.ClickAsync("main form button");
        await pat.FillAsync("#text", "Here is my letter");
        await pat.SetInputFilesAsync("#files", new Microsoft.Playwright.FilePayload { Name = "bad.pdf", MimeType = "application/pdf", Buffer = Clamd.InfectedPdf });
        await pat.ClickAsync("text=Send my answer");
        await pat.ShouldShowAsync("bad.pdf: The selected file contains a virus");
        await pat.ShouldBeAccessible("reply: virus");

        _scanner.Says = _ => ScanOutcome.Unavailable;
        await pat.SetInputFilesAsync("#files",
        [
            new Microsoft.Playwright.FilePayload { Name = "letter.pdf", MimeType = "application/pdf", Buffer = SampleFiles.Pdf() },
            new Microsoft.Playwright.FilePayload { Name = "odd.pdf", MimeType = "application/pdf", Buffer = [1, 2, 3] },
        ]);
        await pat.ClickAsync("text=Send my answer");
        await pat.ShouldShowAsync("This file waits to be checked for viruses");
        await pat.ShouldBeAccessible("reply: file waits");
        await pat.ClickAsync("text=Send my answer");
        await pat.ShouldShowAsync("Files you sent wait to be checked for viruses");
        await pat.ShouldBeAccessible("sent: files wait");

        await page.GotoAsync(id.Path());
        await page.ShouldShowAsync("This file waits to be checked for viruses");
        await page.ShouldBeAccessible("conversation: files wait");
        await page.GotoAsync($"{id.Path()}/files/1");
        await page.ShouldSayAsync("This file waits to be checked for viruses");
        await page.ShouldBeAccessible("conversation: file to be scanned");

        _scanner.Says = _ => ScanOutcome.Infected;
        App.Time.Advance(TimeSpan.FromMinutes(1));
        await App.DoQueuedWorkAsync();
        await page.GotoAsync(id.Path());
        await page.ShouldShowAsync("This file contains a virus. It cannot be opened");
        await page.ShouldBeAccessible("conversation: file infected");
        await page.GotoAsync($"{id.Path()}/files/1");
        await page.ShouldSayAsync("This file contains a virus");
        await page.ShouldBeAccessible("conversation: infected file");
    }
}
