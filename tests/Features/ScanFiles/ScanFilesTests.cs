using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ScanningFiles;

public sealed class ScanFilesTests : IAsyncDisposable
{
    private const string Waits = "This file waits to be checked for viruses";
    private readonly ScriptedScanner _scanner = new();
    private readonly TestApp _app;

    public ScanFilesTests() => _app = new() { Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileScanner>(_scanner)) };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_infected_file_is_refused_by_name_and_the_rest_is_kept()
    {
        _scanner.Says = Eicar;
        var (_, id) = await AskedAsync();
        var pat = await PatOpensAsync(id);
        await pat.AnswersAsync("My answer", ("good.pdf", SampleFiles.Pdf()), ("bad.pdf", Clamd.InfectedPdf));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, pat.Page.Status);
        Assert.Contains("bad.pdf: The selected file contains a virus", pat.Page.Text);
        Assert.Contains("My answer", pat.Page.Html.QuerySelector("#text")!.TextContent);
        Assert.Equal(["good.pdf"], pat.Page.Html.QuerySelectorAll(".app-attached__name").Select(name => name.TextContent));

        await pat.AnswersAsync("My answer");
        var file = Assert.Single((await _app.ConversationAsync(id)).Reply!.Files);
        Assert.Equal(("good.pdf", FileScan.Clean), (file.Name, file.Scan));
        Assert.Single(Directory.GetFiles(Path.Combine(_app.DataFolder, "files", id.ToString("N"))));
    }

    [Fact]
    public async Task With_a_scanner_the_requester_reads_that_the_files_were_scanned()
    {
        var (alice, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "", ("a.pdf", SampleFiles.Pdf()));
        Assert.Contains("The file was checked and scanned for viruses. None was found.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task Without_a_scanner_the_requester_reads_that_the_files_were_not_scanned_and_can_open_them()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "", ("a.pdf", SampleFiles.Pdf()));
        Assert.Contains("The file was checked but not scanned for viruses.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{id:N}/files/1")).Status);
    }

    [Theory]
    [InlineData(ScanOutcome.Unavailable)]
    [InlineData(ScanOutcome.BeyondLimits)]
    public async Task While_the_scanner_is_away_the_words_are_shown_and_the_files_wait(ScanOutcome away)
    {
        _scanner.Says = _ => away;
        var (alice, id) = await AskedAsync();
        var pat = await PatOpensAsync(id);
        await pat.AnswersAsync("Words at once", ("a.pdf", SampleFiles.Pdf()), ("b.png", SampleFiles.Png()));

        Assert.EndsWith("/sent", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains("Files you sent wait to be checked for viruses", pat.Page.Text);
        await _app.DoQueuedWorkAsync();
        await _app.DoQueuedWorkAsync();
        var page = await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("Words at once", page.Text);
        Assert.Equal(2, page.Text.Split(Waits).Length - 1);
        Assert.Empty(page.Html.QuerySelectorAll("a[href*='/files/'], img"));

        foreach (var address in new[] { "files/1", "files/2?view" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync($"/conversations/{id:N}/{address}")).Status);
            Assert.Contains(Waits, alice.Page.Text);
        }
        Assert.Empty((await alice.GetAsync($"/conversations/{id:N}/print")).Html.QuerySelectorAll("img"));
        Assert.Contains("it waits to be checked for viruses", alice.Page.Text);
        var (names, text) = await ZipAsync(alice, id);
        Assert.Equal(["reply.txt"], names);
        Assert.Contains("1. a.pdf (not saved here: it waited to be checked for viruses)", text);
        Assert.Equal(2, (await _app.AuditedAsync("refused")).Count);
    }

    [Fact]
    public async Task A_file_that_waits_says_so_to_the_patient_before_it_is_sent()
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (_, id) = await AskedAsync();
        var pat = await PatOpensAsync(id);
        await pat.AnswersAsync("Too", [("a.pdf", SampleFiles.Pdf()), ("b.exe", [1])]);
        Assert.Contains(Waits, pat.Page.Text);
    }

    [Fact]
    public async Task When_the_scanner_is_back_what_waits_is_scanned_by_itself_and_marked_as_unread()
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (alice, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "", ("a.pdf", SampleFiles.Pdf()), ("b.png", SampleFiles.Png()));
        await _app.DoQueuedWorkAsync();
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.False((await _app.ConversationAsync(id)).IsUnseen);

        // For as long as it takes: after days, and more attempts than any other message has.
        for (var i = 0; i < 30; i++)
            await PassAsync(TimeSpan.FromHours(2));
        Assert.True(_scanner.Scans > 3 * FailedMessages.MaxAttempts);
        Assert.True((await _app.ConversationAsync(id)).HasWaitingFiles);
        _scanner.Says = _ => ScanOutcome.Clean;
        await PassAsync(TimeSpan.FromMinutes(5));

        var conversation = await _app.ConversationAsync(id);
        Assert.False(conversation.HasWaitingFiles);
        Assert.True(conversation.IsUnseen);
        alice = await _app.AliceSignsInAsync();
        Assert.DoesNotContain(Waits, (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Contains("a.pdf was scanned for viruses, and none was found", alice.Page.Text);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{id:N}/files/1")).Status);
        Assert.Equal(["reply.txt", "a.pdf", "b.png"], (await ZipAsync(alice, id)).Names);
        var scans = _scanner.Scans;
        await PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(scans, _scanner.Scans);
    }

    [Fact]
    public async Task A_file_later_found_infected_is_named_to_the_requester_and_never_opened()
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (alice, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "Words", ("Pats secret.pdf", Clamd.InfectedPdf), ("b.pdf", SampleFiles.Pdf()));
        await _app.DoQueuedWorkAsync();
        await alice.GetAsync($"/conversations/{id:N}");
        await _app.AppendAsync(id, new ConversationDone(_app.Time.GetUtcNow()));
        _scanner.Says = Eicar;
        await PassAsync(TimeSpan.FromMinutes(1));
        await PassAsync(TimeSpan.FromMinutes(10));

        var conversation = await _app.ConversationAsync(id);
        Assert.Equal([FileScan.Infected, FileScan.Clean], conversation.Reply!.Files.Select(file => file.Scan));
        Assert.True(conversation is { IsUnseen: true, IsDone: false });
        var email = Assert.Single(_app.SentEmails, email => email.Subject == "A file in a patient's reply contains a virus");
        Assert.Equal(Scenario.AlicesEmail, email.To);
        Assert.DoesNotContain("secret", email.Text);
        Assert.DoesNotContain("Test", email.Text);

        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("Pats secret.pdf was scanned, and contains a virus", alice.Page.Text);
        Assert.Contains("This file contains a virus. It cannot be opened or downloaded.", alice.Page.Text);
        Assert.Equal(["Download b.pdf"], alice.Page.Html.QuerySelectorAll("a.app-files__name").Select(link => link.TextContent));
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync($"/conversations/{id:N}/files/1")).Status);
        Assert.Contains("contains a virus", alice.Page.Text);
        var (names, text) = await ZipAsync(alice, id);
        Assert.Equal(["reply.txt", "b.pdf"], names);
        Assert.Contains("1. Pats secret.pdf (not saved here: it contains a virus)", text);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_erased_conversation_is_left_alone(bool whileScanning)
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (_, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "", ("a.pdf", Clamd.InfectedPdf));
        await _app.DoQueuedWorkAsync();
        _scanner.Says = Eicar;
        var scans = _scanner.Scans;
        if (whileScanning)
            _scanner.During = EraseAsync;
        else
            await EraseAsync();
        await PassAsync(TimeSpan.FromMinutes(10));
        await PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(whileScanning ? 1 : 0, _scanner.Scans - scans);
        Assert.DoesNotContain(_app.SentEmails, email => email.Subject!.Contains("virus", StringComparison.Ordinal));

        Task EraseAsync() => _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Events.Erase<Conversation>(id, "test");
            await session.SaveChangesAsync();
            return true;
        });
    }

    [Fact]
    public async Task Whoever_opens_the_conversation_during_the_scan_makes_nothing_scanned_twice()
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (alice, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "", ("a.pdf", SampleFiles.Pdf()));
        await _app.DoQueuedWorkAsync();
        _scanner.Says = _ => ScanOutcome.Clean;
        _scanner.During = () => alice.GetAsync($"/conversations/{id:N}");
        var scans = _scanner.Scans;
        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _scanner.Scans - scans);
        Assert.False((await _app.ConversationAsync(id)).HasWaitingFiles);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_keep_the_others_waiting()
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (_, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "", ("a.pdf", SampleFiles.Pdf()), ("b.pdf", SampleFiles.Pdf(5000)));
        var first = (await _app.ConversationAsync(id)).Reply!.Files[0].Id;
        File.Delete(Path.Combine(_app.DataFolder, "files", BlobName.Of(id, first)));
        _scanner.Says = _ => ScanOutcome.Clean;
        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal([FileScan.Waiting, FileScan.Clean], (await _app.ConversationAsync(id)).Reply!.Files.Select(file => file.Scan));
    }

    [Fact]
    public async Task A_scanner_that_was_taken_away_opens_nothing()
    {
        _scanner.Says = _ => ScanOutcome.Unavailable;
        var (_, id) = await AskedAsync();
        await _app.PatRepliesAsync(id, "", ("a.pdf", SampleFiles.Pdf()));
        _scanner.Says = _ => ScanOutcome.NoScanner;
        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.True((await _app.ConversationAsync(id)).HasWaitingFiles);
    }

    [Fact]
    public void It_waits_half_a_minute_at_first_and_five_minutes_at_most()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), ScanFilesHandler.BackOff(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(90), ScanFilesHandler.BackOff(TimeSpan.FromSeconds(90)));
        Assert.Equal(TimeSpan.FromMinutes(5), ScanFilesHandler.BackOff(TimeSpan.FromDays(30)));
    }

    private static ScanOutcome Eicar(byte[] file) =>
        file.AsSpan().IndexOf("ANTIVIRUS-TEST-FILE"u8) >= 0 ? ScanOutcome.Infected : ScanOutcome.Clean;

    private async Task<(TestBrowser Alice, Guid Id)> AskedAsync()
    {
        var alice = await _app.AliceSignsInAsync();
        return (alice, await alice.AsksAsync(_app));
    }

    private async Task<TestBrowser> PatOpensAsync(Guid id) => await _app.PatOpensAsync($"/r/{(await _app.ConversationAsync(id)).Token}");

    private async Task PassAsync(TimeSpan time)
    {
        _app.Time.Advance(time);
        await _app.DoQueuedWorkAsync();
    }

    private static async Task<(IReadOnlyList<string> Names, string Text)> ZipAsync(TestBrowser alice, Guid id)
    {
        var response = await alice.SendAsync(new(HttpMethod.Get, new Uri($"http://localhost/conversations/{id:N}/download")));
        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
        return ([.. zip.Entries.Select(entry => entry.FullName)], await new StreamReader(zip.Entries[0].Open()).ReadToEndAsync());
    }
}
