using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.SendMessage;
using PatientResponse.Features.UndoSending;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UndoingSending;

/// <summary>Acceptance 65: ten seconds to take a message back.</summary>
public sealed class UndoSendingTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private readonly TestApp _app = new() { Settings = { ["Sms:UndoFor"] = "00:00:10" } };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void What_was_undone_is_not_sent_and_wants_nothing()
    {
        var conversation = Given.Conversation(Given.Asked, new SendingUndone(Later));

        Assert.False(DeliverSmsHandler.IsStillWanted(new(Given.Id, 1, Given.SentAt), conversation));
        Assert.Equal((ConversationStatus.Undone, LinkState.Cancelled, ToDo.Nothing), (conversation.Status, conversation.LinkAt(Later), conversation.ToDo));
        Assert.True(conversation.IsOverAt(Later));
    }

    [Fact]
    public void Once_an_attempt_is_committed_it_is_too_late_and_the_refusal_says_what_helps()
    {
        static FieldError? Refusal(params object[] events) => UndoSendingHandler.Validate(new(1), Given.Conversation(events), Later);

        Assert.Null(Refusal(Given.Asked));
        // The carrier said that it did not take it.
        Assert.Null(Refusal(Given.Asked, new SmsAttempted(Guid.Empty, Later), new SmsPostponed(Guid.Empty, Later)));
        Assert.Contains("leaving now", Refusal(Given.Asked, new SmsAttempted(Guid.Empty, Later))!.Message, StringComparison.Ordinal);
        Assert.Contains("You can cancel the request", Refusal(Given.Asked, Given.Accepted)!.Message, StringComparison.Ordinal);
        Assert.Contains("send another message", Refusal(Given.Told, Given.Accepted)!.Message, StringComparison.Ordinal);
        Assert.Contains("may have left", Refusal(Given.Asked, new SmsUnknown(Guid.Empty, Later))!.Message, StringComparison.Ordinal);
        Assert.Contains("the patient has replied", Refusal(Given.Asked, Given.Accepted, Given.Replied)!.Message, StringComparison.Ordinal);
        Assert.Contains("is cancelled", Refusal(Given.Asked, new ConversationCancelled(Later))!.Message, StringComparison.Ordinal);
        Assert.Contains("sent again", UndoSendingHandler.Validate(new(1), Given.Conversation(Given.Asked, Given.Accepted, new SmsSentAgain("again", Given.Token, Later)), Later)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alice_undoes_a_message_writes_it_again_and_only_the_second_one_leaves()
    {
        var alice = await _app.AliceSignsInAsync();
        var first = await SendsAsync(alice, "How is your left knee?");
        _app.Time.Advance(Wait - TimeSpan.FromSeconds(1));
        await _app.DoQueuedWorkAsync();
        Assert.Empty(_app.SentTexts);

        await alice.SubmitAsync("form[action$='/undo']");
        Assert.Equal(HttpStatusCode.OK, alice.Page.Status);
        Assert.Equal("How is your left knee?", alice.Page.Html.QuerySelector("#text")!.TextContent.Trim());
        Assert.True(alice.Page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        await alice.SubmitAsync("#compose", ("text", "How is your right knee?"));
        _app.Time.Advance(TimeSpan.FromMinutes(1));
        await _app.DoQueuedWorkAsync();

        Assert.Contains("How is your right knee?", Assert.Single(_app.SentTexts).Text, StringComparison.Ordinal);
        var undone = await alice.GetAsync($"/conversations/{first:N}");
        Assert.Contains("You undid this message before it left. The patient did not get it.", undone.Text, StringComparison.Ordinal);
        Assert.Contains("You undid the sending before the text message left", undone.Text, StringComparison.Ordinal);
        Assert.Contains("Undone, not sent", (await alice.GetAsync("/conversations")).Text, StringComparison.Ordinal);
        Assert.Equal(0, (await _app.CommandAsync("verify")).Exit);
    }

    [Fact]
    public async Task After_ten_seconds_the_message_leaves_and_Undo_says_that_it_is_too_late()
    {
        var alice = await _app.AliceSignsInAsync();
        await SendsAsync(alice, "How is your knee?");
        var undo = alice.Submission("form[action$='/undo']");
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        Assert.Single(_app.SentTexts);

        var page = await alice.OpenAsync(undo);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Too late to undo: the text message has left. You can cancel the request", page.Html.QuerySelector(".nhsuk-error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.Html.QuerySelector("form[action$='/undo']"));
    }

    [Fact]
    public async Task A_double_click_undoes_once_and_sending_from_the_page_before_sends_nothing_unseen()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var again = alice.Submission("#compose", ("text", "All is well."));
        await alice.SubmitAsync("#compose", ("text", "All is well."));
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        var (first, second) = (alice.Submission("form[action$='/undo']"), alice.Submission("form[action$='/undo']"));

        await alice.SendAsync(first);
        Assert.Equal(HttpStatusCode.OK, (await alice.OpenAsync(second)).Status);
        Assert.Single((await alice.GetAsync($"/conversations/{id:N}")).Html.QuerySelectorAll(".app-history__item"), item => item.TextContent.Contains("You undid the sending", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.OpenAsync(again)).Status);
        Assert.Contains("undid", alice.Page.Html.QuerySelector(".nhsuk-error-summary")!.TextContent, StringComparison.Ordinal);
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        Assert.Empty(_app.SentTexts);
    }

    [Fact]
    public async Task A_message_that_was_undone_costs_nothing_of_the_day()
    {
        Assert.Equal(0, (await _app.CommandAsync("practice", "set", "demo", "--cap-per-clinician", "1", "--cap", "1")).Exit);
        var alice = await _app.AliceSignsInAsync();
        await SendsAsync(alice, "One", allow: false);
        await alice.SubmitAsync("form[action$='/undo']");

        await alice.SubmitAsync("#compose", ("text", "Two"));

        Assert.Contains("Message to", alice.Page.Heading, StringComparison.Ordinal);
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        Assert.Contains("Two", Assert.Single(_app.SentTexts).Text, StringComparison.Ordinal);
        await alice.GetAsync(Scenario.TestPatient);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.SubmitAsync("#compose", ("text", "Three"))).Status);
    }

    [Fact]
    public async Task A_reply_that_the_message_answered_is_to_be_done_again()
    {
        var alice = await _app.AliceSignsInAsync();
        var asked = await SendsAsync(alice, "How is your knee?");
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        var link = _app.NewestLink();
        await _app.PatRepliesAsync(asked, "It hurts");
        await alice.GetAsync($"/conversations/{asked:N}");
        await alice.SubmitAsync("#compose", ("text", "Where does it hurt?"));
        var earlier = await _app.ConversationAsync(asked);
        Assert.Equal((true, true, ToDo.Nothing), (earlier.IsAnswered, earlier.IsAskedAgain, earlier.ToDo));

        await alice.SubmitAsync("form[action$='/undo']");

        earlier = await _app.ConversationAsync(asked);
        Assert.Equal((false, false, ToDo.Reply), (earlier.IsAnswered, earlier.IsAskedAgain, earlier.ToDo));
        Assert.Equal(asked.ToString("N"), alice.Page.Html.QuerySelector("[name=follows]")!.GetAttribute("value"));
        Assert.DoesNotContain("newer message", (await _app.NewBrowser().GetAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_again_can_be_undone_too_and_all_is_as_before()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await SendsAsync(alice, "How is your knee?");
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        var link = _app.NewestLink();
        await _app.FailsAsync(id);
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/send-again']");

        await alice.SubmitAsync("form[action$='/undo']");

        Assert.Contains("Undone: the message was not sent again.", alice.Page.Text, StringComparison.Ordinal);
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        Assert.Single(_app.SentTexts);
        var conversation = await _app.ConversationAsync(id);
        Assert.Equal((ConversationStatus.Open, Delivery.Failed, ToDo.NotDelivered), (conversation.Status, conversation.Delivery, conversation.ToDo));
        Assert.Equal(HttpStatusCode.OK, (await _app.NewBrowser().GetAsync(link)).Status);
    }

    [Fact]
    public async Task A_number_that_was_typed_comes_back_with_the_words_and_with_the_sending_before()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "Please come in."), ("allowResponse", "true"), ("mobile", "07700 900456"));
        await alice.SubmitAsync("form[action$='/undo']");
        Assert.Equal("07700 900456", alice.Page.Html.QuerySelector("#mobile")!.GetAttribute("value"));

        await alice.SubmitAsync("#compose");
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        _app.Time.Advance(Wait);
        await _app.DoQueuedWorkAsync();
        await _app.FailsAsync(id);
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/send-again']", ("mobile", "07700 900789"));
        Assert.Equal("+447700900789", (await _app.ConversationAsync(id)).Mobile);
        await alice.SubmitAsync("form[action$='/undo']");
        Assert.Equal("+447700900456", (await _app.ConversationAsync(id)).Mobile);
    }

    [Fact]
    public async Task Whose_message_was_undone_was_not_messaged_lately()
    {
        var alice = await _app.AliceSignsInAsync();
        await SendsAsync(alice, "How is your hip?");
        Assert.Contains("Recently messaged", (await alice.GetAsync("/patients")).Text, StringComparison.Ordinal);
        await alice.GetAsync("/conversations");
        await alice.GetAsync(alice.Page.Html.QuerySelector("a[data-open]")!.GetAttribute("href")!.Split('#')[0]);
        await alice.SubmitAsync("form[action$='/undo']");
        Assert.DoesNotContain("Recently messaged", (await alice.GetAsync("/patients")).Text, StringComparison.Ordinal);

        // Whoever was messaged before that still was.
        await SendsAsync(alice, "How is your knee?");
        await SendsAsync(alice, "How is your hip?");
        await alice.SubmitAsync("form[action$='/undo']");
        Assert.Contains("Recently messaged", (await alice.GetAsync("/patients")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_undoes_a_colleagues_message()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await SendsAsync(alice, "Mine");
        var bob = await _app.BobSignsInAsync();
        await bob.GetAsync("/account");

        var theirs = alice.Submission("form[action$='/undo']");
        var stolen = bob.Submission("form[action='/sign-out']");
        stolen.RequestUri = theirs.RequestUri;

        Assert.Contains("belongs to a colleague", (await bob.OpenAsync(stolen)).Text, StringComparison.Ordinal);
        Assert.False((await _app.ConversationAsync(id)).IsUndone);
    }

    [Fact]
    public async Task Where_messages_leave_at_once_nothing_is_offered()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await SendsAsync(alice, "At once");

        Assert.Null(alice.Page.Html.QuerySelector("form[action$='/undo']"));
        await app.DoQueuedWorkAsync();
        Assert.Single(app.SentTexts);
    }

    private static async Task<Guid> SendsAsync(TestBrowser alice, string text, bool allow = true)
    {
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", allow ? "true" : ""));
        Assert.Contains("Message to", alice.Page.Heading, StringComparison.Ordinal);
        return Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
    }
}
