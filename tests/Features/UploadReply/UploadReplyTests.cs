using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features;
using PatientResponse.Features.UploadReply;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

public sealed class UploadReplyTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Pat_answers_with_words_and_files_and_sees_what_happens_next()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("Much better", ("arm.jpg", SampleFiles.Jpeg()), ("letter.pdf", SampleFiles.Pdf()));

        Assert.EndsWith("/sent", page.Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("Answer sent", page.Heading);
        Assert.Contains("What happens next", page.Text);
        await _app.DoQueuedWorkAsync();
        Assert.Single(_app.SentEmails);
    }

    [Fact]
    public async Task Five_files_of_exactly_seven_megabytes_are_accepted()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("", [.. Enumerable.Range(1, 5).Select(i => ($"photo{i}.jpg", SampleFiles.Jpeg(7_340_032)))]);

        Assert.Equal("Answer sent", page.Heading);
        Assert.Equal(5, StoredFiles().Length);
    }

    [Fact]
    public async Task One_byte_too_many_an_empty_file_a_wrong_type_and_a_sixth_file_are_each_refused_by_name_and_the_rest_is_kept()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("My words",
            ("good1.jpg", SampleFiles.Jpeg()), ("huge.jpg", SampleFiles.Jpeg(7_340_033)), ("nothing.pdf", []),
            ("virus.exe", [1, 2, 3]), ("good2.png", SampleFiles.Png()), ("good3.gif", SampleFiles.Gif()),
            ("good4.pdf", SampleFiles.Pdf()), ("good5.docx", SampleFiles.Docx()), ("good6.doc", SampleFiles.Doc()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        var summary = page.Html.QuerySelector(".nhsuk-error-summary")!.TextContent;
        Assert.Contains("huge.jpg: The selected file must be smaller than 7MB", summary);
        Assert.Contains("nothing.pdf: The selected file is empty", summary);
        Assert.Contains("virus.exe: The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX", summary);
        Assert.Contains("good6.doc: You can only select up to 5 files at the same time", summary);
        Assert.Contains("My words", page.Html.QuerySelector("#text")!.TextContent);
        Assert.Equal(
            ["good1.jpg", "good2.png", "good3.gif", "good4.pdf", "good5.docx"],
            page.Html.QuerySelectorAll(".app-attached__name").Select(e => e.TextContent));
        Assert.Equal(5, StoredFiles().Length);

        Assert.Equal("Answer sent", (await pat.AnswersAsync("My words")).Heading);
    }

    [Fact]
    public async Task Why_a_picture_is_refused_is_said_in_words_that_are_true_of_it()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("My words",
            ("cut.gif", SampleFiles.Gif()[..^40]), ("noend.png", SampleFiles.Png()[..^12]), ("broken.jpg", [.. SampleFiles.Jpeg()[..20], 0xFF, 0xF0, .. SampleFiles.Jpeg()[20..]]),
            ("zeros.jpg", new byte[5000]), ("camera.jpg", SampleFiles.PlainJpeg(12_000, 9_000)), ("IMG_1.HEIC", SampleFiles.Heic()), ("renamed.jpg", SampleFiles.Heic()),
            ("really.png", SampleFiles.Jpeg()), ("film.mp4", [0, 0, 0, 24, .. "ftypisom"u8, .. new byte[100]]), ("notes", "Hello"u8.ToArray()));

        Assert.Equal(
            [
                "cut.gif: The selected file could not be read – try saving it again, or take a photo of it",
                "noend.png: The selected file could not be read – try saving it again, or take a photo of it",
                "broken.jpg: The selected file could not be read – try saving it again, or take a photo of it",
                "zeros.jpg: The selected file could not be read – try saving it again, or take a photo of it",
                "camera.jpg: The selected photo is too large to open – take a screenshot of the photo and send that, or take it again at a lower resolution",
                "IMG_1.HEIC: The selected file is a HEIC photo, which we cannot show – take a screenshot of the photo and send that, or share the photo as a JPG",
                "renamed.jpg: The selected file is a HEIC photo, which we cannot show – take a screenshot of the photo and send that, or share the photo as a JPG",
                "really.png: The selected file is not what its name says – save it again as a JPG or PDF, or take a photo of it",
                "film.mp4: The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX",
                "notes: The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX",
            ],
            page.Html.QuerySelectorAll(".nhsuk-error-summary li").Select(error => error.TextContent.Trim()));
        Assert.Empty(StoredFiles());
    }

    [Fact]
    public async Task Photos_under_names_as_phones_pickers_give_them_are_taken_and_named_so_that_they_open()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync(new string('x', 5001),
            ("1000012345", SampleFiles.Jpeg()), ("image%3A1641", SampleFiles.Png()), ("photo.", SampleFiles.Gif()), ("leg.JFIF", SampleFiles.Jpeg()), ("IMG_1234.HEIC", SampleFiles.Jpeg()));

        Assert.Equal(
            ["1000012345.jpg", "image%3A1641.png", "photo.gif", "leg.jpg", "IMG_1234.jpg"],
            page.Html.QuerySelectorAll(".app-attached__name").Select(name => name.TextContent.Trim()));
        // A browser that sends them once more, because the answer got lost, is not told that they are too many.
        page = await pat.AnswersAsync(new string('x', 5001), ("1000012345", SampleFiles.Jpeg()), ("IMG_1234.HEIC", SampleFiles.Jpeg()));
        Assert.DoesNotContain("You can only select", page.Text, StringComparison.Ordinal);
        Assert.Equal(5, StoredFiles().Length);
    }

    [Fact]
    public async Task A_removed_file_is_gone_and_the_words_stay()
    {
        var pat = await OpenAsync();
        await pat.AnswersAsync(new string('x', 5001), ("one.jpg", SampleFiles.Jpeg()), ("two.png", SampleFiles.Png()));
        var remove = pat.Page.Html.QuerySelector("button[value^='remove:']")!.GetAttribute("value")!;

        var page = await pat.SubmitFilesAsync("#reply", [], ("text", "Shorter"), ("action", remove));

        Assert.Equal(["two.png"], page.Html.QuerySelectorAll(".app-attached__name").Select(e => e.TextContent));
        Assert.Contains("Shorter", page.Html.QuerySelector("#text")!.TextContent);
        Assert.Single(StoredFiles());
    }

    [Fact]
    public async Task Delete_what_I_wrote_deletes_words_and_files()
    {
        var pat = await OpenAsync();
        await pat.AnswersAsync(new string('x', 5001), ("one.jpg", SampleFiles.Jpeg()));

        var page = await pat.SubmitFilesAsync("#reply", [], ("action", "delete"));

        Assert.Equal("", page.Html.QuerySelector("#text")!.TextContent.Trim());
        Assert.Empty(StoredFiles());
        Assert.Equal(0, await CountAsync("select count(*) from mt_doc_sealed where type = 'ReplyDraft'"));
    }

    [Fact]
    public async Task An_answer_of_nothing_and_one_of_5001_characters_are_refused_and_5000_are_accepted()
    {
        var pat = await OpenAsync();
        Assert.Contains("Write an answer, or add a photo or file", (await pat.AnswersAsync("  \n ")).Text);
        Assert.Contains("Your answer must be 5,000 characters or fewer. It is 1 too long.", (await pat.AnswersAsync(new string('é', 5001))).Text);
        Assert.Equal("Answer sent", (await pat.AnswersAsync(new string('é', 4999) + "\r\n")).Heading);
    }

    [Fact]
    public async Task Of_fifty_answers_at_once_one_is_taken_and_no_file_of_the_others_is_left()
    {
        var request = await _app.AliceAsksAsync();
        var pats = new List<TestBrowser>();
        for (var i = 0; i < 50; i++)
            pats.Add(await _app.PatOpensAsync(request.Link));

        var pages = await Task.WhenAll(pats.Select((pat, i) => Task.Run(() => pat.AnswersAsync($"Answer {i}", ("a.jpg", SampleFiles.Jpeg())))));

        Assert.Single(pages, page => page.Heading == "Answer sent");
        Assert.All(pages.Where(page => page.Heading != "Answer sent"), page => Assert.True(
            page.Heading == "This link has been used" && page.Text.Contains("What you wrote Answer", StringComparison.Ordinal) || page.Text.Contains("It was not sent", StringComparison.Ordinal)
                // While 25 files are on their way, others wait for no room.
                || page.Text.Contains("too many files were added on other phones or computers. You can still send your answer in words", StringComparison.Ordinal),
            $"{page.Status}: {page.Text}"));
        Assert.Equal(1, await CountAsync("select count(*) from mt_events where type = 'reply_uploaded'"));
        await _app.DoQueuedWorkAsync();
        Assert.Single(_app.SentEmails);
        _app.Time.Advance(TimeSpan.FromHours(3));
        await _app.DoQueuedWorkAsync();
        Assert.Single(StoredFiles());
    }

    [Fact]
    public async Task A_browser_that_repeats_the_POST_gets_the_same_confirmation_and_there_is_one_reply()
    {
        var pat = await OpenAsync();
        var photo = SampleFiles.Jpeg();
        var first = pat.FileSubmission("#reply", [("a.jpg", photo)], ("text", "Better"));
        var again = pat.FileSubmission("#reply", [("a.jpg", photo)], ("text", "Better"));
        // The answer to the first is lost: its cookies never arrive.
        var cookies = pat.Cookies.GetCookieHeader(first.RequestUri!);
        await pat.SendAsync(first);
        again.Headers.Add("Cookie", cookies);

        var answer = await _app.NewBrowser().SendAsync(again);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.EndsWith("/sent", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync("select count(*) from mt_events where type = 'reply_uploaded'"));
        Assert.Single(StoredFiles());
    }

    [Fact]
    public async Task Two_links_in_two_tabs_of_one_phone_never_mix()
    {
        var first = await _app.AliceAsksAsync("First question");
        var second = await _app.AliceAsksAsync("Second question");
        var pat = await _app.PatOpensAsync(first.Link);
        var firstForm = pat.FileSubmission("#reply", [], ("text", "To the first"));
        await pat.GetAsync(second.Link);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Contains("Second question", pat.Page.Text);

        Assert.Equal("Answer sent", (await pat.OpenAsync(firstForm)).Heading);

        Assert.Contains("To the first", (await first.Alice.GetAsync(first.Conversation)).Text);
        Assert.DoesNotContain("To the first", (await second.Alice.GetAsync(second.Conversation)).Html.QuerySelector("#opened")!.TextContent);
    }

    [Fact]
    public async Task An_answer_for_one_conversation_with_the_session_of_another_is_stored_nowhere_and_shown_back()
    {
        var first = await _app.AliceAsksAsync("First question");
        var second = await _app.AliceAsksAsync("Second question");
        var pat = await _app.PatOpensAsync(first.Link);
        var form = pat.FileSubmission("#reply", [("a.jpg", SampleFiles.Jpeg())], ("text", "Whose is this?"));
        var cookies = pat.Cookies.GetCookieHeader(form.RequestUri!);
        var other = await _app.PatOpensAsync(second.Link);
        form.RequestUri = other.Page.Address;
        form.Headers.Add("Cookie", cookies);

        var page = await TestPage.ReadAsync(await _app.NewBrowser().SendAsync(form), form.RequestUri);

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("Whose is this?", page.Text);
        Assert.Empty(StoredFiles());
        Assert.Equal(0, await CountAsync("select count(*) from mt_events where type = 'reply_uploaded'"));
        Assert.Equal(0, await CountAsync("select count(*) from mt_doc_sealed where type = 'ReplyDraft'"));
    }

    [Fact]
    public async Task A_stale_form_stores_nothing_and_shows_the_words_back()
    {
        var pat = await OpenAsync();
        var form = pat.FileSubmission("#reply", [("a.jpg", SampleFiles.Jpeg())], ("text", "Keep me"), ("__RequestVerificationToken", "stale"));

        var page = await pat.OpenAsync(form);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("Keep me", page.Html.QuerySelector("#text")!.TextContent);
        Assert.Empty(StoredFiles());
        Assert.Equal("Answer sent", (await pat.AnswersAsync("Keep me")).Heading);
    }

    [Fact]
    public async Task The_deadline_counts_when_the_answer_sets_out_not_when_it_arrives()
    {
        var pat = await OpenAsync();
        _app.Time.Advance(TimeSpan.FromSeconds(604_799) - TimeSpan.FromMinutes(1));
        pat = await _app.PatOpensAsync(_lastLink);
        _app.Time.Advance(TimeSpan.FromMinutes(1));
        var body = new PausedContent(pat.FileSubmission("#reply", [], ("text", "Just in time")).Content!);
        var sending = pat.OpenAsync(new HttpRequestMessage(HttpMethod.Post, pat.Page.Address) { Content = body });
        // The limit on a slow upload has begun to count: the headers are in.
        while (_app.Time.Waiting == 0)
            await Task.Delay(10);
        _app.Time.Advance(TimeSpan.FromMinutes(10));
        body.Continue();

        Assert.Equal("Answer sent", (await sending).Heading);
        _app.Time.Advance(TimeSpan.FromHours(1));
        await _app.DoQueuedWorkAsync();
        Assert.Equal(0, await CountAsync("select count(*) from mt_events where type = 'conversation_expired'"));
    }

    [Fact]
    public async Task A_second_after_the_deadline_an_answer_is_too_late_and_shown_back()
    {
        await OpenAsync();
        _app.Time.Advance(TimeSpan.FromSeconds(604_799));
        var pat = await _app.PatOpensAsync(_lastLink);
        _app.Time.Advance(TimeSpan.FromSeconds(1));

        var page = await pat.AnswersAsync("Too late?");

        Assert.Equal("This link is too old", page.Heading);
        Assert.Contains("Too late?", page.Text);
    }

    [Fact]
    public async Task Cancelled_while_Pat_is_typing_tells_Pat_and_keeps_nothing()
    {
        var request = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(request.Link);
        await pat.AnswersAsync("", ("first.exe", [1]), ("early.jpg", SampleFiles.Jpeg()));
        Assert.Single(StoredFiles());
        await request.Alice.GetAsync(request.Conversation);
        await request.Alice.SubmitAsync("form[action$='/cancel']");

        var page = await pat.AnswersAsync("Almost done", ("late.jpg", SampleFiles.Jpeg()));

        Assert.Equal("No answer is needed any more", page.Heading);
        Assert.Contains("Almost done", page.Text);
        Assert.Empty(StoredFiles());
        Assert.Equal(0, await CountAsync("select count(*) from mt_doc_sealed where type = 'ReplyDraft'"));
    }

    [Fact]
    public async Task After_half_an_hour_away_Pat_confirms_again_in_the_same_browser_and_finds_the_words()
    {
        var pat = await OpenAsync();
        _app.Time.Advance(TimeSpan.FromMinutes(31));

        var page = await pat.AnswersAsync("A long story");

        Assert.Equal("Open your link again", page.Heading);
        Assert.Contains("A long story", page.Text);
        await pat.GetAsync(_lastLink);
        page = await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Contains("A long story", page.Html.QuerySelector("#text")!.TextContent);
        var other = await _app.PatOpensAsync(_lastLink);
        Assert.DoesNotContain("A long story", other.Page.Text);
    }

    [Fact]
    public async Task A_draft_is_gone_after_24_hours_with_its_files()
    {
        var pat = await OpenAsync();
        await pat.AnswersAsync(new string('x', 5001), ("one.jpg", SampleFiles.Jpeg()));
        Assert.Single(StoredFiles());

        _app.Time.Advance(TimeSpan.FromHours(24));

        // Also before anything was tidied.
        await pat.GetAsync(_lastLink);
        Assert.DoesNotContain("xxxxx", (await pat.GivesDateOfBirthAsync(1, 1, 1980)).Source);
        await _app.DoQueuedWorkAsync();
        Assert.Empty(StoredFiles());
        Assert.Equal(0, await CountAsync("select count(*) from mt_doc_sealed where type = 'ReplyDraft'"));
    }

    [Fact]
    public async Task After_sending_going_back_shows_nothing()
    {
        var pat = await OpenAsync();
        var form = pat.Page.Address;
        await pat.AnswersAsync("Private words");

        var page = await pat.GetAsync(form.AbsolutePath);

        Assert.EndsWith("/sent", page.Address.AbsolutePath, StringComparison.Ordinal);
        Assert.DoesNotContain("Private words", page.Source);
    }

    [Fact]
    public async Task Two_uploads_at_once_in_one_browser_keep_five_files_together_and_say_which_were_too_many()
    {
        var held = new HeldSave();
        _app.Replace = held.Use;
        var pat = await OpenAsync();
        (string, byte[])[] Files(string name) => [.. Enumerable.Range(1, 4).Select(i => ($"{name}{i}.jpg", SampleFiles.Jpeg()))];
        var (first, second) = (pat.FileSubmission("#reply", Files("first"), ("text", new string('x', 5001))), pat.FileSubmission("#reply", Files("second"), ("text", new string('x', 5001))));
        held.HoldNext(statement => statement.Parameters.Values.Contains("ReplyDraft"));

        var sending = Task.Run(() => pat.OpenAsync(first));
        await held.Reached;
        await pat.OpenAsync(second);
        held.Release();
        var page = await sending;

        Assert.Equal(5, page.Html.QuerySelectorAll(".app-attached__name").Length);
        Assert.Contains("first4.jpg: You can only select up to 5 files at the same time", page.Html.QuerySelector(".nhsuk-error-summary")!.TextContent);
        Assert.Equal(5, StoredFiles().Length);
    }

    [Theory]
    [InlineData("ReplyUploaded", "delete")] // The tab that deletes comes before the one that sends …
    [InlineData("ReplyDraft", "send")] // … or after it.
    public async Task Of_sending_in_one_tab_and_deleting_in_another_either_leaves_a_reply_whose_files_are_all_there(string heldFirst, string actionBetween)
    {
        var held = new HeldSave();
        _app.Replace = held.Use;
        var pat = await OpenAsync();
        await pat.AnswersAsync(new string('x', 5001), ("arm.jpg", SampleFiles.Jpeg()));
        var send = pat.FileSubmission("#reply", [], ("text", "Better"));
        var delete = pat.FileSubmission("#reply", [], ("text", "Better"), ("action", "delete"));
        var (first, between) = actionBetween == "delete" ? (send, delete) : (delete, send);
        held.HoldNext(statement => statement.Parameters.Values.Contains(heldFirst));

        var sending = Task.Run(() => pat.OpenAsync(first));
        await held.Reached;
        await pat.OpenAsync(between);
        held.Release();
        await sending;

        var id = Guid.ParseExact((await _app.WithAsync<IDatabase, IReadOnlyList<string>>(database =>
            database.QueryAsync<string>("select replace(id::text, '-', '') from mt_doc_conversation_row", null, CancellationToken.None)))[0], "N");
        var reply = (await _app.ConversationAsync(id)).Reply!;
        Assert.Equal(reply.Files.Select(file => $"{file.Id:N}"), StoredFiles().Select(Path.GetFileName));
    }

    [Fact]
    public async Task Tidying_that_overlaps_with_sending_leaves_the_files_of_the_reply()
    {
        var held = new HeldSave();
        _app.Replace = held.Use;
        var pat = await OpenAsync();
        await pat.AnswersAsync(new string('x', 5001), ("arm.jpg", SampleFiles.Jpeg()));
        _app.Time.Advance(TidyDraftsHandler.UploadsAreOverAfter);
        await pat.GetAsync(_lastLink);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        var id = Guid.ParseExact((await _app.WithAsync<IDatabase, IReadOnlyList<string>>(database =>
            database.QueryAsync<string>("select replace(id::text, '-', '') from mt_doc_conversation_row", null, CancellationToken.None)))[0], "N");
        held.HoldNextRead(sql => sql.Contains("d.stream = @stream", StringComparison.Ordinal));

        var tidying = Task.Run(() => _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            await TidyDraftsHandler.HandleAsync(new TidyDrafts(id), session, _app.Services.GetRequiredService<IFileStore>(), _app.Services.GetRequiredService<Clocks>(), CancellationToken.None);
            return true;
        }));
        await held.Reached;
        await pat.AnswersAsync("Better");
        held.Release();
        await tidying;

        Assert.Equal((await _app.ConversationAsync(id)).Reply!.Files.Select(file => $"{file.Id:N}"), StoredFiles().Select(Path.GetFileName));
    }

    [Fact]
    public async Task Words_kept_after_the_session_was_over_are_gone_after_24_hours_too()
    {
        _app.Replace = services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new TickingTime(_app.Time)));
        var pat = await OpenAsync();
        _app.Time.Advance(TimeSpan.FromMinutes(31));
        await pat.AnswersAsync("A long story");
        Assert.Equal(1, await CountAsync("select count(*) from mt_doc_sealed where type = 'ReplyDraft'"));

        _app.Time.Advance(TimeSpan.FromHours(25));
        await _app.DoQueuedWorkAsync();

        Assert.Equal(0, await CountAsync("select count(*) from mt_doc_sealed where type = 'ReplyDraft'"));
    }

    [Fact]
    public async Task A_hundred_and_fifty_empty_files_are_answered_with_a_page_of_ordinary_size()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("My words", [.. Enumerable.Range(1, 150).Select(i => ($"empty{i}.jpg", Array.Empty<byte>()))]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("empty1.jpg: The selected file is empty", page.Text);
        Assert.Contains("My words", page.Html.QuerySelector("#text")!.TextContent);
        Assert.InRange(page.Source.Length, 1, 50_000);
    }

    [Fact]
    public async Task Thousands_of_empty_files_are_refused_and_the_words_kept()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("My words", [.. Enumerable.Range(1, 5_000).Select(i => ($"empty{i}.jpg", Array.Empty<byte>()))]);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("My words", page.Html.QuerySelector("#text")!.TextContent);
    }

    [Fact]
    public async Task A_file_that_comes_before_the_token_is_never_lost_in_silence()
    {
        var pat = await OpenAsync();
        var form = pat.FileSubmission("#reply", [("arm.jpg", SampleFiles.Jpeg())], ("text", "See my photo"));
        var parts = (MultipartFormDataContent)form.Content!;
        var turned = new MultipartFormDataContent();
        foreach (var part in parts.Reverse())
            turned.Add(part);
        form.Content = turned;

        var page = await pat.OpenAsync(form);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("See my photo", page.Html.QuerySelector("#text")!.TextContent);
        Assert.Equal(0, await CountAsync("select count(*) from mt_events where type = 'reply_uploaded'"));
    }

    [Fact]
    public async Task A_form_with_a_boundary_that_no_browser_makes_is_refused_as_a_bad_request()
    {
        var pat = await OpenAsync();
        var content = new StringContent("x");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + new string('b', 9_000));

        var page = await pat.OpenAsync(new(HttpMethod.Post, pat.Page.Address) { Content = content });

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    [Fact]
    public async Task Many_browsers_that_gave_the_date_of_birth_leave_25_files_at_most_and_words_are_still_taken()
    {
        var request = await _app.AliceAsksAsync();
        var pats = new List<TestBrowser>();
        for (var i = 0; i < 8; i++)
            pats.Add(await _app.PatOpensAsync(request.Link));
        Task<TestPage> AddAsync(TestBrowser pat) =>
            pat.AnswersAsync(new string('x', 5001), [.. Enumerable.Range(1, 5).Select(n => ($"{n}.jpg", SampleFiles.Jpeg()))]);

        await Task.WhenAll(pats.Take(7).Select(pat => Task.Run(() => AddAsync(pat))));
        var page = await AddAsync(pats[7]);

        Assert.Equal(25, StoredFiles().Length);
        Assert.Contains("5.jpg: The selected file could not be added, because too many files were added on other phones", page.Html.QuerySelector(".nhsuk-error-summary")!.TextContent);
        Assert.StartsWith("xxx", page.Html.QuerySelector("#text")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("Answer sent", (await pats[7].AnswersAsync("In words, then")).Heading);
    }

    [Fact]
    public async Task The_same_files_sent_again_after_a_mistake_are_kept_once()
    {
        var pat = await OpenAsync();
        (string, byte[])[] five = [.. Enumerable.Range(1, 4).Select(n => ($"{n}.jpg", SampleFiles.Jpeg())), ("4.jpg", SampleFiles.Jpeg())];
        (string, byte[])[] again = [.. five, ("4.jpg", SampleFiles.Png())];

        await pat.AnswersAsync(new string('x', 5001), five);
        Assert.Equal(["1.jpg", "2.jpg", "3.jpg", "4.jpg"], Attached(pat.Page));
        var page = await pat.AnswersAsync(new string('x', 5001), five);
        Assert.Equal(["1.jpg", "2.jpg", "3.jpg", "4.jpg"], Attached(page));
        Assert.Equal("Your answer must be 5,000 characters or fewer. It is 1 too long.", page.Html.QuerySelector(".nhsuk-error-summary__list")!.TextContent.Trim());
        Assert.Equal(4, StoredFiles().Length);

        page = await pat.AnswersAsync("", ("a.pdf", SampleFiles.Pdf()), ("b.pdf", SampleFiles.Pdf()));
        Assert.Equal(5, Attached(page).Count());
        Assert.Contains("b.pdf: You can only select up to 5 files", page.Text);
    }

    [Fact]
    public async Task A_text_of_half_a_megabyte_is_too_long_and_shown_back_with_its_files()
    {
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync(string.Concat(Enumerable.Repeat("A very long story. ", 25_000)), ("arm.jpg", SampleFiles.Jpeg()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("It is more than 50,000 too long.", page.Text);
        Assert.StartsWith("A very long story. A very long story.", page.Html.QuerySelector("#text")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(["arm.jpg"], Attached(page));
    }

    [Fact]
    public async Task Only_who_gave_the_date_of_birth_may_be_slow_and_send_a_hundred_megabytes()
    {
        var limits = new Limits();
        _app.Replace = services => services.AddSingleton<IStartupFilter>(limits);
        var pat = await OpenAsync();
        await pat.AnswersAsync("");
        Assert.Equal((100.0, 100 * 1024 * 1024), (limits.MinDataRate!.BytesPerSecond, limits.MaxRequestBodySize));

        limits.MinDataRate = new(240, TimeSpan.FromSeconds(5));
        var stranger = _app.NewBrowser();
        var page = await stranger.OpenAsync(pat.FileSubmission("#reply", [], ("text", "Let me in")));

        Assert.Contains("Let me in", page.Text);
        Assert.Equal((240.0, 64 * 1024), (limits.MinDataRate.BytesPerSecond, limits.MaxRequestBodySize));

        var late = pat.FileSubmission("#reply", [], ("text", "I was away"));
        _app.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Contains("I was away", (await pat.OpenAsync(late)).Text);
        Assert.Equal((240.0, 36 * 1024 * 1024), (limits.MinDataRate.BytesPerSecond, limits.MaxRequestBodySize));
    }

    [Theory]
    [InlineData("Thumbs.db")]
    [InlineData(".0123456789abcdef0123456789abcdef.swp")]
    [InlineData("0123456789abcdef0123456789abcdef")] // No version 7.
    [InlineData("ffffffffffff7fff8fffffffffffffff")] // After the year 9999.
    public async Task What_somebody_else_put_into_the_folder_of_files_does_not_stop_tidying(string foreign)
    {
        var pat = await OpenAsync();
        await pat.AnswersAsync(new string('x', 5001), ("one.jpg", SampleFiles.Jpeg()));
        var mine = Path.GetFullPath(Assert.Single(StoredFiles()));
        var theirs = Path.Combine(Path.GetDirectoryName(mine)!, foreign);
        await File.WriteAllTextAsync(theirs, "");

        _app.Time.Advance(TimeSpan.FromHours(24));
        await _app.DoQueuedWorkAsync();

        Assert.False(File.Exists(mine));
        Assert.True(File.Exists(theirs));
        Assert.Equal(0, await CountAsync("select count(*) from wolverine_incoming_envelopes where message_type like '%TidyDrafts'"));
    }

    private static IEnumerable<string> Attached(TestPage page) => page.Html.QuerySelectorAll(".app-attached__name").Select(e => e.TextContent);

    private string _lastLink = "";

    private async Task<TestBrowser> OpenAsync()
    {
        var request = await _app.AliceAsksAsync();
        _lastLink = request.Link;
        return await _app.PatOpensAsync(request.Link);
    }

    private string[] StoredFiles()
    {
        var folder = Path.Combine(_app.DataFolder, "files");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f).Length == 32)] : [];
    }

    private Task<long> CountAsync(string sql) => _app.WithAsync<IDatabase, long>(async database =>
        (await database.QueryAsync<long>(sql, null, CancellationToken.None))[0]);

    /// <summary>A clock that never shows the same instant twice, as real ones.</summary>
    private sealed class TickingTime(FakeTime time) : TimeProvider
    {
        private long _reads;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddTicks(Interlocked.Increment(ref _reads));

        public override long GetTimestamp() => time.GetTimestamp();

        public override long TimestampFrequency => time.TimestampFrequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>What Kestrel allows the request that is being answered.</summary>
    private sealed class Limits : IStartupFilter, IHttpMinRequestBodyDataRateFeature, IHttpMaxRequestBodySizeFeature
    {
        public MinDataRate? MinDataRate { get; set; }

        public long? MaxRequestBodySize { get; set; }

        public bool IsReadOnly => false;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Features.Set<IHttpMinRequestBodyDataRateFeature>(this);
                context.Features.Set<IHttpMaxRequestBodySizeFeature>(this);
                return rest(context);
            });
            next(app);
        };
    }

    /// <summary>A body that stops after its first bytes until it is let go.</summary>
    private sealed class PausedContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly TaskCompletionSource _go = new();

        public PausedContent(HttpContent inner)
        {
            _inner = inner;
            foreach (var header in inner.Headers)
                Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        public void Continue() => _go.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var bytes = await _inner.ReadAsByteArrayAsync();
            await stream.WriteAsync(bytes.AsMemory(0, 10));
            await stream.FlushAsync();
            await _go.Task;
            await stream.WriteAsync(bytes.AsMemory(10));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
