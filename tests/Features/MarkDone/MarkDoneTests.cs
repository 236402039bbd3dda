using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.MarkDone;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.MarkingDone;

public class MarkDoneTests
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromHours(1);

    [Fact]
    public void What_the_patient_can_still_answer_or_is_on_its_way_cannot_be_done()
    {
        Assert.Contains("can still reply", Refusal(Given.Asked, Given.Accepted));
        Assert.Contains("can still reply", Refusal(Given.Asked, Given.Accepted, new LinkLocked(Later)));
        Assert.Contains("still being sent", Refusal(Given.Told));
        Assert.Null(Refusal(Given.Told, Given.Accepted));
        Assert.Null(Refusal(Given.Asked, Given.Replied));
        Assert.Null(Refusal(Given.Asked, new ConversationCancelled(Later)));
        Assert.Null(MarkDoneHandler.Validate(new(true), Given.Conversation(Given.Asked, Given.Accepted), Given.SentAt + Conversation.TimeToReply));

        static string? Refusal(params object[] events) => MarkDoneHandler.Validate(new(true), Given.Conversation(events), Later);
    }

    [Fact]
    public void Who_was_done_after_the_deadline_is_not_called_back_when_it_is_written_down()
    {
        Assert.True(Given.Conversation(Given.Asked, new ConversationExpired(Later)).NeedsAttention);
        Assert.False(Given.Conversation(Given.Asked, new ConversationDone(Later), new ConversationExpired(Later)).NeedsAttention);
    }

    [Fact]
    public async Task Alice_marks_a_reply_as_done_and_takes_it_back()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Null(alice.Page.Html.QuerySelector("form[action$='/done']"));
        await app.PatRepliesAsync(id, "Better");
        await alice.GetAsync($"/conversations/{id:N}");
        var (first, second) = (alice.Submission("form[action$='/done']"), alice.Submission("form[action$='/done']"));

        await alice.SendAsync(first);
        await alice.OpenAsync(second);

        Assert.Contains("Marked as done.", alice.Page.Text);
        Assert.Single(alice.Page.Html.QuerySelectorAll(".app-history__item"), item => item.TextContent.Contains("You marked it as done"));
        Assert.Equal("Done", (await alice.GetAsync("/conversations")).Html.QuerySelector(".app-conversations__item > .nhsuk-tag")!.TextContent);
        Assert.Contains("There is nothing under “Replied”.", (await alice.GetAsync("/conversations?state=replied")).Text);

        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/not-done']");

        Assert.Contains("Marked as not done.", alice.Page.Text);
        Assert.Contains("There is nothing under “Done”.", (await alice.GetAsync("/conversations?state=done")).Text);
        Assert.Single((await alice.GetAsync("/conversations?state=replied")).Html.QuerySelectorAll(".app-conversations__item"));
    }

    [Fact]
    public void What_is_new_is_looked_at_first()
    {
        Assert.NotNull(Unseen(Given.Asked, Given.Replied));
        Assert.NotNull(Unseen(Given.Told, new SmsFailed(Guid.Empty, SmsFailure.Blocked, Later)));
        Assert.Null(Unseen(Given.Asked, Given.Replied, new ConversationOpened(Later)));
        Assert.Null(Unseen(Given.Asked, new ConversationExpired(Later)));

        static string? Unseen(params object[] events) => MarkDoneHandler.Unseen(new(true), Given.Conversation(events));
    }

    [Fact]
    public async Task A_reply_that_came_after_the_page_was_opened_is_shown_before_it_is_done()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "It hurts more");
        await alice.GetAsync("/conversations");
        var form = alice.Submission("form[action='/sign-out']");
        form.RequestUri = new Uri(form.RequestUri!, $"/conversations/{id:N}/done");

        await alice.OpenAsync(form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.Contains("Something new has come in", alice.Page.Text);
        Assert.Contains("It hurts more", alice.Page.Text);
        Assert.False((await app.ConversationAsync(id)).IsDone);
        await alice.SubmitAsync("form[action$='/done']");
        Assert.True((await app.ConversationAsync(id)).IsDone);
    }

    [Fact]
    public async Task A_request_that_waits_for_its_answer_says_why_it_cannot_be_done()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync("/conversations");
        var form = alice.Submission("form[action='/sign-out']");
        form.RequestUri = new Uri(form.RequestUri!, $"/conversations/{id:N}/done");

        await alice.OpenAsync(form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.Contains("The patient can still reply.", alice.Page.Text);
        Assert.False((await app.ConversationAsync(id)).IsDone);
    }
}
