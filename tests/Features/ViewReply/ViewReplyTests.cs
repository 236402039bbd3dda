using System.Net;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ViewingReplies;

public class ViewReplyTests
{
    [Fact]
    public async Task Alice_reads_a_reply_with_its_files()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "How is your knee today?");
        await app.PatRepliesAsync(id, "Better.\n  It bends <again>!", ("knee.jpg", SampleFiles.Of(FileKind.Jpeg)), ("letter.pdf", SampleFiles.Of(FileKind.Pdf)));

        var page = await alice.GetAsync($"/conversations/{id:N}");

        Assert.Equal("Better.\n  It bends <again>!", page.Html.QuerySelector(".app-reply-text")!.TextContent);
        Assert.Contains("Test Patient", page.Html.QuerySelector(".app-patient-banner")!.TextContent);
        Assert.Contains("999 000 0018", page.Html.QuerySelector(".app-patient-banner")!.TextContent);
        Assert.Equal("Test", page.Html.QuerySelector(".app-patient-banner .nhsuk-tag")!.TextContent);
        Assert.Contains("1 January 1980", page.Html.QuerySelector(".app-patient-banner")!.TextContent);
        Assert.Contains("How is your knee today?", page.Html.QuerySelector(".app-sms")!.TextContent);
        Assert.Contains("Sent by Dr Dana Demo on Monday 2 March 2026 at 9:30am to 07700 900001.", page.Text);
        Assert.Equal(2, page.Html.QuerySelectorAll(".app-files__file").Length);
        Assert.Contains("not scanned for viruses", page.Text);
        var thumbnail = page.Html.QuerySelector(".app-thumb")!;
        Assert.Equal("lazy", thumbnail.GetAttribute("loading"));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(thumbnail.GetAttribute("src")!)).Status);
    }

    [Fact]
    public async Task The_open_page_of_a_waiting_message_hears_once_what_became_of_it_and_that_is_no_view()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var waiting = await alice.SubmitAsync("#compose", ("text", "How is your knee today?"), ("allowResponse", "true"));
        var address = waiting.Html.QuerySelector("[hx-get]")!.GetAttribute("hx-get")!;
        Assert.Equal(HttpStatusCode.NoContent, (await alice.GetAsync(address, ("HX-Request", "true"))).Status);

        await app.DoQueuedWorkAsync();
        var id = Guid.Parse(waiting.Address.Segments[^1]);
        var before = await AuditAsync(app, id);
        var news = await alice.GetAsync(address, ("HX-Request", "true"));

        Assert.Equal(286, (int)news.Status);
        Assert.Contains("The text message was delivered.", news.Text);
        Assert.Contains("Send again", news.Html.QuerySelector("#offers")!.TextContent);
        Assert.Equal(before.Count, (await AuditAsync(app, id)).Count);
        Assert.Null((await alice.GetAsync($"/conversations/{id:N}")).Html.QuerySelector("[hx-get]"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.BobSignsInAsync()).GetAsync(address)).Status);
    }

    [Fact]
    public async Task Only_the_patient_has_the_code_of_the_link()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var code = app.NewestLink()[^26..];

        var page = await alice.GetAsync($"/conversations/{id:N}");

        Assert.DoesNotContain(code, page.Source);
        Assert.Equal(app.SentTexts[0].Text.Replace(code, "…"), page.Html.QuerySelector(".app-sms")!.TextContent);
    }

    [Fact]
    public async Task Files_with_macros_or_scripts_carry_a_warning()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.AppendAsync(id, new ReplyUploaded(Guid.NewGuid(), "", [new(Guid.NewGuid(), "form.pdf", FileKind.Pdf, 9, ActiveContent: true)], "", app.Time.GetUtcNow()));

        Assert.Contains("contains active content, such as macros or scripts. Open it with care.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
    }

    [Fact]
    public async Task Anybody_else_sees_the_page_of_a_conversation_that_does_not_exist_and_that_is_on_record()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "Better", ("knee.jpg", SampleFiles.Of(FileKind.Jpeg)));
        foreach (var address in Addresses(id))
            Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(address)).Status);

        foreach (var stranger in new[] { await app.BobSignsInAsync(), await app.CharlieSignsInAsync() })
        {
            var before = await RefusalsAsync(app, id);
            foreach (var (theirs, unknown) in Addresses(id).Zip(Addresses(Guid.NewGuid())))
            {
                var refused = await stranger.GetAsync(theirs);
                Assert.Equal(HttpStatusCode.NotFound, refused.Status);
                Assert.Equal(await WithoutTokensAsync(stranger, unknown), WithoutTokens(refused));
                Assert.Equal(await WithoutTokensAsync(stranger, "/conversations/not-an-id"), WithoutTokens(refused));
            }
            foreach (var action in new[] { "cancel", "unlock", "send-again", "done", "not-done" })
            {
                // Anyone's own token is good for a form; the conversation still is not theirs.
                await stranger.GetAsync("/conversations");
                var form = stranger.Submission("form[action='/sign-out']");
                form.RequestUri = new Uri(form.RequestUri!, $"/conversations/{id:N}/{action}");
                Assert.Equal(HttpStatusCode.NotFound, (await stranger.SendAsync(form)).StatusCode);
            }
            Assert.Equal(before + 10, await RefusalsAsync(app, id));
        }
    }

    [Fact]
    public async Task Without_sign_in_nothing_tells_whether_a_conversation_exists()
    {
        await using var app = new TestApp();
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        foreach (var address in Addresses(id).Concat(Addresses(Guid.NewGuid())).Append("/conversations/x/files/y"))
        {
            var response = await app.NewBrowser().SendAsync(new(HttpMethod.Get, new Uri("http://localhost" + address)));
            Assert.Contains("/sign-in?returnUrl=" + Uri.EscapeDataString(address), response.Headers.Location!.OriginalString);
        }
    }

    [Fact]
    public async Task Each_view_and_each_download_is_one_entry_that_says_who_what_and_when()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "Better", ("knee.jpg", SampleFiles.Of(FileKind.Jpeg)));
        var before = await AuditAsync(app, id);
        app.Time.Advance(TimeSpan.FromMinutes(1));

        await alice.GetAsync($"/conversations/{id:N}");
        await alice.GetAsync($"/conversations/{id:N}/files/1");
        await alice.GetAsync($"/conversations/{id:N}/files/1?view");
        await alice.GetAsync($"/conversations/{id:N}/download");

        var entries = (await AuditAsync(app, id))[before.Count..];
        Assert.Equal(["viewed", "downloaded", "viewed", "downloaded"], entries.Select(entry => entry.Action));
        Assert.Equal(["", entries[1].Detail, entries[1].Detail, "zip"], entries.Select(entry => entry.Detail));
        Assert.True(Guid.TryParseExact(entries[1].Detail, "N", out _));
        Assert.Single(entries.Select(entry => entry.Actor).Distinct());
        Assert.All(entries, entry => Assert.Equal(app.Time.GetUtcNow(), Instant.From(entry.At)));
    }

    [Fact]
    public async Task A_reply_counts_on_every_page_until_Alice_is_done_with_it_however_often_she_looks()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        Assert.Null((await alice.GetAsync("/conversations")).Html.QuerySelector(".app-badge"));
        await app.PatRepliesAsync(id, "Better");
        Assert.NotNull((await alice.GetAsync("/patients/test/message")).Html.QuerySelector(".app-badge"));

        Assert.Contains("(1) ", (await alice.GetAsync($"/conversations/{id:N}")).Title);
        Assert.Equal("1 to do", (await alice.GetAsync($"/conversations/{id:N}")).Html.QuerySelector(".app-badge")!.TextContent);
        Assert.Empty((await alice.GetAsync("/conversations")).Html.QuerySelectorAll(".app-conversations__item--unseen"));
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/done']");

        Assert.Null((await alice.GetAsync("/conversations")).Html.QuerySelector(".app-badge"));
        Assert.Equal("Conversations – PatientResponse", alice.Page.Title);
        var history = (await alice.GetAsync($"/conversations/{id:N}")).Html.QuerySelectorAll(".app-history__item");
        Assert.Single(history, item => item.TextContent.Contains("saw what was new"));
    }

    [Fact]
    public async Task Whatever_a_patient_writes_or_calls_a_file_is_shown_as_text()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var text = PlainText.Clean(string.Join("\n", NaughtyStrings.All));
        var names = NaughtyStrings.All.Select(SafeFileName.Of).ToList();
        await app.AppendAsync(id, new ReplyUploaded(Guid.NewGuid(), text,
            [.. names.Select(name => new ReplyFile(Guid.NewGuid(), name, FileKind.Pdf, 1, false))], "", app.Time.GetUtcNow()));

        var page = await alice.GetAsync($"/conversations/{id:N}?done={Uri.EscapeDataString("<script>alert(1)</script>")}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(text, page.Html.QuerySelector(".app-reply-text")!.TextContent);
        Assert.Equal(names.Select(name => "Download " + name), page.Html.QuerySelectorAll(".app-files__name").Select(name => name.TextContent));
        Assert.Empty(page.Html.QuerySelectorAll("body script, iframe, object, svg, style"));
        Assert.DoesNotContain("alert(1)", page.Html.QuerySelector("h1")!.ParentElement!.QuerySelector(".nhsuk-notification-banner")?.TextContent ?? "");
    }

    private static string[] Addresses(Guid id) => [$"/conversations/{id:N}", $"/conversations/{id:N}/files/1", $"/conversations/{id:N}/download", $"/conversations/{id:N}/print", $"/conversations/{id:N}/ask-again"];

    private static string WithoutTokens(TestPage page)
    {
        foreach (var token in page.Html.QuerySelectorAll("input[type=hidden]"))
            token.Remove();
        return page.Html.DocumentElement.OuterHtml;
    }

    private static async Task<string> WithoutTokensAsync(TestBrowser browser, string address) => WithoutTokens(await browser.GetAsync(address));

    private static async Task<int> RefusalsAsync(TestApp app, Guid id) => (await AuditAsync(app, id)).Count(entry => entry.Action == "refused");

    private static async Task<List<Entry>> AuditAsync(TestApp app, Guid id) =>
        [.. await app.WithAsync<IDatabase, IReadOnlyList<Entry>>(database => database.QueryAsync<Entry>(
            "select at, actor, action, detail from audit where subject = @subject order by id", new { subject = id.ToString("N") }, CancellationToken.None))];

    private sealed record Entry(long At, string Actor, string Action, string Detail);
}
