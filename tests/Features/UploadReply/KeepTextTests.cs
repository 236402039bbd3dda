using System.Net;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

public sealed class KeepTextTests : ReplyDraftTest
{
    [Fact]
    public async Task Words_are_there_again_after_a_reload_in_the_browser_that_wrote_them_and_nowhere_else()
    {
        var pat = await OpenAsync();

        Assert.Equal(HttpStatusCode.OK, (await pat.SavesAsync("It hurts\r\nat night", 1)).Status);

        var page = await ReloadAsync(pat);
        Assert.Equal("It hurts\nat night", Text(page));
        Assert.Null(page.Html.QuerySelector("#delete")!.GetAttribute("hidden"));
        Assert.Equal("", Text((await App.PatOpensAsync(Asked.Link)).Page));
        Assert.DoesNotContain("It hurts", (await Asked.Alice.GetAsync(Asked.Conversation)).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Older_words_that_come_late_never_replace_newer_ones()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("It hurts at night", 20);

        var late = await pat.SavesAsync("It hur", 10);

        Assert.Equal((HttpStatusCode.Conflict, "20"), (late.Status, late.Text));
        Assert.Equal("It hurts at night", Text(await ReloadAsync(pat)));
        Assert.Equal(HttpStatusCode.OK, (await pat.SavesAsync("It hurts at night", 20)).Status);
        Assert.Equal(HttpStatusCode.OK, (await pat.SavesAsync("", 21)).Status);
        Assert.Equal("", Text(await ReloadAsync(pat)));
    }

    [Fact]
    public async Task Words_that_come_late_do_not_replace_those_of_an_answer_that_was_refused()
    {
        var pat = await OpenAsync();
        await pat.SubmitFilesAsync("#reply", [], ("text", new string('x', 5001)), ("typed", "30"));

        Assert.Equal(HttpStatusCode.Conflict, (await pat.SavesAsync("xxx", 20)).Status);

        Assert.Equal(5001, Text(await ReloadAsync(pat)).Length);
    }

    [Fact]
    public async Task Words_that_come_after_Pat_deleted_everything_do_not_come_back()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("Forget th", 10);
        await DeletesAsync(pat, typed: 20);

        Assert.Equal(HttpStatusCode.Conflict, (await pat.SavesAsync("Forget this", 15)).Status);

        Assert.Equal(0, await DraftsAsync());
        Assert.Equal(HttpStatusCode.OK, (await pat.SavesAsync("Something else", 25)).Status);
        Assert.Equal("Something else", Text(await ReloadAsync(pat)));
    }

    [Theory, InlineData("send"), InlineData("delete")]
    public async Task Words_that_are_being_saved_while_Pat_sends_or_deletes_begin_no_new_draft(string action)
    {
        App.Replace = Held.Use;
        var pat = await OpenAsync();
        var end = pat.FileSubmission("#reply", [], ("text", "Better"), ("typed", "20"), ("action", action));
        Held.HoldNext(statement => statement.Parameters.Values.Contains(nameof(ReplyDraft)));

        var saving = Task.Run(() => pat.SavesAsync("Bett", 10));
        await Held.Reached;
        await pat.SendAsync(end);
        Held.Release();

        Assert.Equal(action == "send" ? HttpStatusCode.Gone : HttpStatusCode.Conflict, (await saving).Status);
        Assert.Equal(0, await DraftsAsync());
    }

    [Fact]
    public async Task Words_are_saved_when_the_session_is_over_and_found_again_after_the_date_of_birth()
    {
        var pat = await OpenAsync();
        App.Time.Advance(PatientSessions.Idle);

        Assert.Equal(HttpStatusCode.OK, (await pat.SavesAsync("A long story", 1)).Status);

        Assert.Equal("Open your link again", (await ReloadAsync(pat)).Heading);
        await pat.GetAsync(Asked.Link);
        Assert.Equal("A long story", Text(await pat.GivesDateOfBirthAsync(1, 1, 1980)));
        Assert.Equal("", Text((await App.PatOpensAsync(Asked.Link)).Page));
    }

    [Fact]
    public async Task A_stale_form_and_a_browser_that_never_gave_the_date_of_birth_save_nothing()
    {
        var pat = await OpenAsync();
        var stale = pat.Submission("#reply", ("text", "Mine"), ("typed", "1"), ("__RequestVerificationToken", "stale"));
        Assert.Equal(HttpStatusCode.BadRequest, (await pat.PostsAsync(stale, "/text")).Status);

        var form = pat.Submission("#reply", ("text", "Mine"), ("typed", "1"));
        form.Headers.Add("Cookie", pat.Cookies.GetCookieHeader(new Uri("http://localhost/")));
        Assert.Equal(HttpStatusCode.Forbidden, (await App.NewBrowser().PostsAsync(form, "/text")).Status);

        Assert.Equal(0, await DraftsAsync());
    }

    [Fact]
    public async Task Nothing_is_saved_for_a_request_that_was_cancelled_or_a_link_that_is_too_old()
    {
        var pat = await OpenAsync();
        await CancelAsync();
        Assert.Equal((HttpStatusCode.Gone, "No answer is needed any more"), await RefusedAsync(pat));
        App.Time.Advance(PatientSessions.Idle);
        Assert.Equal((HttpStatusCode.Gone, "No answer is needed any more"), await RefusedAsync(pat));

        await OpenAsync();
        App.Time.Advance(Conversation.TimeToReply - TimeSpan.FromMinutes(1));
        pat = await App.PatOpensAsync(Asked.Link);
        App.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.Gone, "This link is too old"), await RefusedAsync(pat));

        Assert.Equal(0, await DraftsAsync());

        static async Task<(HttpStatusCode, string)> RefusedAsync(TestBrowser pat)
        {
            var answer = await pat.SavesAsync("Almost done", 1);
            return (answer.Status, answer.Heading);
        }
    }

    [Fact]
    public async Task Words_that_were_saved_are_gone_after_24_hours()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("A long story", 1);
        Assert.Equal(1, await DraftsAsync());

        App.Time.Advance(PatientSessions.DraftLifetime);
        await App.DoQueuedWorkAsync();

        Assert.Equal(0, await DraftsAsync());
    }

    [Fact]
    public async Task What_names_a_draft_ends_with_it_however_long_a_browser_keeps_the_cookie()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("A long story", 1);

        App.Time.Advance(PatientSessions.DraftLifetime);

        Assert.Equal(HttpStatusCode.Forbidden, (await pat.SavesAsync("Much later", 2)).Status);
    }

    [Fact]
    public async Task A_text_that_is_far_too_long_is_kept_cut()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync(new string('x', 100_000), 1);
        Assert.Equal(60_000, Text(await ReloadAsync(pat)).Length);
    }

    [Fact]
    public async Task Of_many_browsers_the_last_ones_words_are_kept_and_all_files()
    {
        var first = await OpenAsync();
        await first.SavesAsync("Once", 1);
        App.Time.Advance(TimeSpan.FromMinutes(1));
        var withFile = await App.PatOpensAsync(Asked.Link);
        await withFile.AddsAsync("arm.jpg", SampleFiles.Jpeg());

        for (var i = 0; i < 20; i++)
        {
            App.Time.Advance(TimeSpan.FromSeconds(1));
            await (await App.PatOpensAsync(Asked.Link)).SavesAsync("Again", 1);
        }

        Assert.Equal(21, await DraftsAsync());
        Assert.Equal("", Text(await ReloadAsync(first)));
        Assert.Equal(["arm.jpg"], Attached(await ReloadAsync(withFile)));
    }

    [Fact]
    public async Task What_no_button_of_ours_says_keeps_the_words_and_sends_nothing()
    {
        var pat = await OpenAsync();

        var page = await pat.SubmitFilesAsync("#reply", [], ("text", "Not yet"), ("action", "cancel"));

        Assert.Equal("Not yet", Text(page));
        Assert.Equal(1, await DraftsAsync());
    }

    [Fact]
    public async Task Whoever_asks_why_nothing_is_saved_any_more_keeps_what_is_written_or_is_told()
    {
        var pat = await OpenAsync();
        Assert.Equal("Kept", Text(await pat.SubmitFilesAsync("#reply", [], ("text", "Kept"), ("action", "keep"))));

        await CancelAsync();
        var page = await pat.SubmitFilesAsync("#reply", [], ("text", "To be copied"), ("action", "keep"));

        Assert.Equal("No answer is needed any more", page.Heading);
        Assert.Contains("To be copied", page.Text, StringComparison.Ordinal);
    }
}
