using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.SaveToRecord;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SavingToRecord;

public class SaveToRecordTests
{
    [Fact]
    public void It_is_marked_once_and_only_where_there_is_a_reply()
    {
        var replied = Given.Conversation(Given.Asked, Given.Accepted, Given.Replied);
        Assert.Equal([new SavedToRecord(Given.SentAt)], SaveToRecordHandler.Handle(true, replied, Given.SentAt));
        Assert.Empty(SaveToRecordHandler.Handle(false, replied, Given.SentAt));
        var saved = Given.Conversation(Given.Asked, Given.Accepted, Given.Replied, new SavedToRecord(Given.SentAt));
        Assert.Empty(SaveToRecordHandler.Handle(true, saved, Given.SentAt));
        Assert.Equal([new NotSavedToRecord(Given.SentAt)], SaveToRecordHandler.Handle(false, saved, Given.SentAt));
        Assert.Contains("has not replied", SaveToRecordHandler.Validate(Given.Conversation(Given.Asked)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alice_copies_all_of_it_as_text_marks_it_and_finds_what_is_left_to_save()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var (saved, left) = (await alice.AsksAsync(app, "How is your knee?"), await alice.AsksAsync(app, "How is your hip?"));
        await app.PatRepliesAsync(saved, "It hurts\nat night", ("knee.jpg", SampleFiles.Jpeg()));
        await app.PatRepliesAsync(left, "Better");
        await alice.AsksAsync(app, "Nobody has answered this");
        Assert.Equal(2, await UnsavedAsync());

        var page = await alice.GetAsync($"/conversations/{saved:N}");
        Assert.Equal(
            """
            Patient: Test Patient (test patient)
            NHS number: 999 000 0018
            Date of birth: 1 January 1980

            Asked by: Dr Dana Demo
            Sent: Monday 2 March 2026 at 9:30am

            Question
            --------
            How is your knee?

            Reply received: Monday 2 March 2026 at 9:30am

            Reply
            -----
            It hurts
            at night

            Files
            1. knee.jpg

            """.ReplaceLineEndings("\n"), page.Html.QuerySelector("#record-text")!.TextContent);
        var (first, second) = (alice.Submission("form[action$='/saved']"), alice.Submission("form[action$='/saved']"));
        await alice.SendAsync(first);
        page = await alice.OpenAsync(second);

        Assert.Contains("Marked as saved to the record.", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Html.QuerySelectorAll(".app-history__item"), item => item.TextContent.Contains("You marked it as saved to the record", StringComparison.Ordinal));
        Assert.Equal(1, await UnsavedAsync());
        Assert.Contains("Better", alice.Page.Html.QuerySelector(".app-conversations__item")!.TextContent, StringComparison.Ordinal);
        await alice.GetAsync($"/conversations/{saved:N}");
        await alice.SubmitAsync("form[action$='/not-saved']");
        Assert.Contains("Marked as not saved to the record.", alice.Page.Text, StringComparison.Ordinal);
        Assert.Equal(2, await UnsavedAsync());
        Assert.Equal(0, (await app.CommandAsync("verify")).Exit);

        async Task<int> UnsavedAsync() => (await alice.GetAsync("/conversations?state=not-saved")).Html.QuerySelectorAll(".app-conversations__item").Length;
    }

    [Fact]
    public async Task Nobody_marks_a_colleagues_and_nothing_is_marked_before_there_is_a_reply()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var (replied, open) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(replied, "Better");
        await alice.GetAsync($"/conversations/{replied:N}");
        var mark = alice.Submission("form[action$='/saved']");
        var early = alice.Submission("form[action$='/saved']");
        early.RequestUri = new($"http://localhost/conversations/{open:N}/saved");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.OpenAsync(early)).Status);

        var bob = await app.BobSignsInAsync();
        await bob.GetAsync("/account");
        var stolen = bob.Submission("form[action='/sign-out']");
        stolen.RequestUri = mark.RequestUri;
        Assert.Contains("belongs to a colleague", (await bob.OpenAsync(stolen)).Text, StringComparison.Ordinal);
        Assert.False((await app.ConversationAsync(replied)).IsSavedToRecord);
        Assert.Contains("No reply so far", (await alice.GetAsync($"/conversations/{open:N}")).Html.QuerySelector("#record-text")!.TextContent, StringComparison.Ordinal);
    }
}
