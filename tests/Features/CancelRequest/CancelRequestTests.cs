using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.CancelRequest;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.CancelRequests;

public class CancelRequestTests
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromHours(1);

    [Fact]
    public void Cancelling_ends_the_request_and_tidies_what_the_patient_was_writing_now_and_once_more()
    {
        var conversation = Given.Conversation(Given.Asked, Given.Accepted);
        Assert.Null(CancelRequestHandler.Validate(conversation, Later));

        var (events, messages) = CancelRequestHandler.Handle(conversation, Later);

        Assert.Equal([new ConversationCancelled(Later)], events);
        Assert.Equal([null, Later + TimeSpan.FromHours(2)], messages.Select(message => message.Due));
        Assert.All(messages, message => Assert.Equal(new TidyDrafts(Given.Id), message.Message));
    }

    [Fact]
    public void A_locked_request_can_be_cancelled() =>
        Assert.Null(CancelRequestHandler.Validate(Given.Conversation(Given.Asked, new LinkLocked(Later)), Later));

    [Fact]
    public void What_is_over_cannot_be_cancelled()
    {
        Assert.Contains("replied", CancelRequestHandler.Validate(Given.Conversation(Given.Asked, Given.Replied), Later));
        Assert.Contains("time to reply has ended", CancelRequestHandler.Validate(Given.Conversation(Given.Asked), Given.SentAt + Conversation.TimeToReply));
        Assert.Contains("did not ask", CancelRequestHandler.Validate(Given.Conversation(Given.Told), Later));
    }

    [Fact]
    public async Task Alice_cancels_and_the_link_says_so()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");

        await alice.SubmitAsync("form[action$=cancel]");

        Assert.Contains("The request is cancelled", alice.Page.Text);
        Assert.Contains("You cancelled the request", alice.Page.Text);
        Assert.Empty(alice.Page.Html.QuerySelectorAll("form[action$=cancel], form[action$=unlock], form[action$=send-again]"));
        var pat = await app.NewBrowser().GetAsync(app.NewestLink());
        Assert.Equal(HttpStatusCode.Gone, pat.Status);
    }

    [Fact]
    public async Task A_double_click_cancels_once_and_looks_like_one_click()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        var (first, second) = (alice.Submission("form[action$=cancel]"), alice.Submission("form[action$=cancel]"));

        await alice.SendAsync(first);
        await alice.OpenAsync(second);

        Assert.Equal(HttpStatusCode.OK, alice.Page.Status);
        Assert.Single(alice.Page.Html.QuerySelectorAll(".app-history__item"), item => item.TextContent.Contains("You cancelled the request"));
    }

    [Fact]
    public async Task Alice_is_told_on_the_conversation_that_a_reply_came_before_she_cancelled()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        var cancel = alice.Submission("form[action$=cancel]");
        await app.PatRepliesAsync(id, "Much better");

        await alice.OpenAsync(cancel);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.StartsWith("Error: ", alice.Page.Title);
        Assert.Contains("The patient has replied already", alice.Page.Html.QuerySelector(".nhsuk-error-summary")!.TextContent);
        Assert.Equal("Much better", alice.Page.Html.QuerySelector("#reply-text")!.TextContent);
    }
}
