using System.IO.Compression;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features;

/// <summary>All 515 naughty strings wherever people type: shown as text, and never more than text.</summary>
public sealed class NaughtyWordsTests : IAsyncDisposable
{
    private const string Dangerous = "iframe, object, embed, svg, math, style, base, marquee, video, audio, frame, frameset, applet, xss, [style], img:not(.app-thumb)";

    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task As_a_message_they_are_sent_and_shown_as_they_were_typed()
    {
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var practice = (await session.LoadAsync<Practice>("demo"))!;
            practice.DailyCapPerClinician = int.MaxValue;
            session.Store(practice);
            await session.SaveChangesAsync();
            return true;
        });
        var alice = await _app.AliceSignsInAsync();
        var sent = 0;
        foreach (var words in NaughtyStrings.All)
        {
            await alice.GetAsync(Scenario.TestPatient);
            var page = await alice.SubmitAsync("#compose", ("text", words), ("allowResponse", "true"));
            ShouldBeTextOnly(page, words);
            if (page.Html.QuerySelector("[name=confirmed]") is { } sendAnyway)
                page = await alice.SubmitAsync("#compose", ("confirmed", sendAnyway.GetAttribute("value")!));
            ShouldBeTextOnly(page, words);
            var shown = page.Status == HttpStatusCode.OK ? page.Html.QuerySelector(".app-sms")! : page.Html.QuerySelector("#text")!;
            Assert.Contains(AsShown(words).Trim(), shown.TextContent, StringComparison.Ordinal);
            sent += page.Status == HttpStatusCode.OK ? 1 : 0;
        }
        Assert.True(sent > 450, $"Only {sent} were sent.");
    }

    [Fact]
    public async Task As_an_answer_and_as_names_of_files_the_patient_finds_them_again()
    {
        var pat = await _app.PatOpensAsync((await _app.AliceAsksAsync()).Link);
        foreach (var words in NaughtyStrings.All.Chunk(5))
        {
            var names = words.Select(word => word.ReplaceLineEndings(" ").Replace("\0", "", StringComparison.Ordinal) + ".pdf").ToList();
            var page = await pat.AnswersAsync(words[0], [.. names.Select((name, i) => (name, SampleFiles.PdfWith($"/Number {i}"))), ("film.mov", SampleFiles.Pdf())]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
            ShouldBeTextOnly(page, string.Join('\n', words));
            Assert.Equal(AsShown(words[0]).TrimStart('\n'), page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
            Assert.Equal(words.Length, page.Html.QuerySelectorAll(".app-attached__name").Length);
            foreach (var (name, attached) in names.Zip(page.Html.QuerySelectorAll(".app-attached__name")))
                Assert.Equal(SafeFileName.Of(name.Replace("\"", "%22", StringComparison.Ordinal)), SafeFileName.Of(attached.TextContent));
            await pat.SubmitFilesAsync("#reply", [], ("action", "delete"));
        }
    }

    [Fact]
    public async Task As_names_and_replies_the_clinician_reads_them_and_saves_them()
    {
        var alice = await _app.AliceSignsInAsync();
        var sent = (await _app.ConversationAsync(await alice.AsksAsync(_app))).Sent;
        foreach (var (number, words) in NaughtyStrings.All.Select(PlainText.Clean).Where(words => words.Length > 0).Index())
        {
            var id = Guid.NewGuid();
            await _app.StartAsync(sent with
            {
                ConversationId = id,
                Ref = $"ref{number}",
                RequesterName = words,
                Patient = sent.Patient with { Name = words },
                Text = words,
                Sms = words,
                Token = LinkToken.New().Value,
            });
            await _app.AppendAsync(id, new ReplyUploaded(Guid.NewGuid(), words, [], "", sent.At));
            var page = await alice.GetAsync($"/conversations/{id:N}");
            ShouldBeTextOnly(page, words);
            Assert.Contains(AsParsed(words), page.Html.QuerySelector("#reply-text")!.TextContent, StringComparison.Ordinal);
            Assert.Contains(AsParsed(words), page.Html.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        }
        for (var next = "/conversations"; next is not null; next = alice.Page.Html.QuerySelector("a[href*='after=']")?.GetAttribute("href"))
            ShouldBeTextOnly(await alice.GetAsync(next), "");
    }

    [Fact]
    public async Task The_zip_takes_them_as_words_and_as_names_and_none_of_them_is_a_path()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        var file = await _app.StoreFileAsync(id, "letter.pdf", SampleFiles.Pdf());
        var text = string.Join('\n', NaughtyStrings.All);
        await _app.AppendAsync(id, new ReplyUploaded(Guid.NewGuid(), text, [.. NaughtyStrings.All.Select(name => file with { Name = name })], "", _app.Time.GetUtcNow()));

        var answer = await alice.SendAsync(new(HttpMethod.Get, $"http://localhost/conversations/{id:N}/download"));

        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(NaughtyStrings.All.Count + 1, zip.Entries.Count);
        Assert.Equal(zip.Entries.Count, zip.Entries.Select(entry => entry.FullName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(zip.Entries, entry =>
        {
            Assert.Equal(entry.Name, entry.FullName);
            Assert.DoesNotContain(entry.FullName, c => c is '/' or '\\' or ':' || char.IsControl(c));
            Assert.False(entry.FullName.Trim() is "" or "." or "..");
        });
        using var reply = new StreamReader(zip.GetEntry("reply.txt")!.Open(), Encoding.UTF8);
        Assert.Contains(text.ReplaceLineEndings("\r\n"), (await reply.ReadToEndAsync()).ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_the_name_of_a_clinician_they_are_kept_or_refused_but_shown_as_they_were_typed()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        foreach (var words in NaughtyStrings.All)
        {
            var page = await alice.SubmitAsync("main form", ("name", words), ("mobile", words));
            ShouldBeTextOnly(page, words);
            Assert.True(page.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, words);
            if (!words.Any(char.IsControl))
                Assert.Equal(AsField(PlainText.Line(words)), AsField(page.Html.QuerySelector("#name")!.GetAttribute("value")!));
        }
    }

    [Fact]
    public async Task As_a_template_they_are_kept_or_refused_but_shown_as_they_were_typed()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/new");
        foreach (var words in NaughtyStrings.All)
        {
            var page = await alice.SubmitAsync("#template", ("name", words), ("text", words), ("preview", "true"));
            ShouldBeTextOnly(page, words);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Equal(AsShown(words).TrimStart('\n'), page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        }
    }

    private static void ShouldBeTextOnly(TestPage page, string words)
    {
        Assert.All(page.Html.QuerySelectorAll("script"), script => Assert.Matches("^/lib/[a-z-]+([.][a-z0-9]+)?[.]js$", script.GetAttribute("src")));
        Assert.Empty(page.Html.QuerySelectorAll(Dangerous).Select(element => element.OuterHtml));
        Assert.All(page.Html.All.SelectMany(element => element.Attributes), attribute =>
        {
            Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), words);
            Assert.False(attribute.Name is "href" or "src" or "action" && !attribute.Value.StartsWith('/') && !attribute.Value.StartsWith('#')
                && attribute.Value is not ("tel:01632960001" or "tel:111" or "tel:999"), $"{attribute.Value}: {words}");
        });
        Assert.DoesNotContain(page.Response.Headers, header => header.Key.Contains("naughty", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>As it is kept, and as a page can show it.</summary>
    private static string AsShown(string words) => AsParsed(PlainText.Clean(words));

    /// <summary>What a parser of HTML makes of line ends and NUL.</summary>
    private static string AsParsed(string words) => words.ReplaceLineEndings("\n").Replace("\0", "\uFFFD", StringComparison.Ordinal);

    private static string AsField(string value) => string.Concat(value.Where(c => !char.IsWhiteSpace(c)));
}
