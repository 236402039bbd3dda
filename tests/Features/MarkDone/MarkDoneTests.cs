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
        Assert.Contains("can still reply", Refusal(Given.Asked, Given.Accepted, new LinkLocked(Later), new LinkUnlocked(Later)));
        Assert.Contains("still being sent", Refusal(Given.Told));
        Assert.Null(Refusal(Given.Told, Given.Accepted));
        Assert.Null(Refusal(Given.Asked, Given.Replied));
        Assert.Null(Refusal(Given.Asked, Given.Accepted, new LinkLocked(Later)));
        Assert.Null(Refusal(Given.Asked, new SmsFailed(Guid.Empty, SmsFailure.Blocked, Later)));
        Assert.Null(Refusal(Given.Asked, new SmsUnknown(Guid.Empty, Later)));
        Assert.Null(Refusal(Given.Asked, new ConversationCancelled(Later)));
        Assert.Null(MarkDoneHandler.Validate(new(true), Given.Conversation(Given.Asked, Given.Accepted), Given.SentAt + Conversation.TimeToReply));

        static string? Refusal(params object[] events) => MarkDoneHandler.Validate(new(true), Given.Conversation(events), Later);
    }

    [Fact]
    public void Who_was_done_after_the_deadline_is_not_called_back_when_it_is_written_down()
    {
        Assert.True(Given.Conversation(Given.Asked, new ConversationExpired(Later)).IsUnseen);
        Assert.False(Given.Conversation(Given.Asked, new ConversationDone(Later), new ConversationExpired(Later)).IsUnseen);
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

    [Fact]
    public async Task Done_and_next_leads_through_the_list_and_back_to_it_at_the_end()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var ids = new List<Guid>();
        foreach (var text in new[] { "first", "second", "third" })
        {
            ids.Add(await alice.AsksAsync(app, text));
            await app.PatRepliesAsync(ids[^1], $"An answer to the {text}");
            app.Time.Advance(TimeSpan.FromMinutes(1));
        }
        await alice.GetAsync($"/conversations/{ids[1]:N}");

        // The newest came before it; the next one is below, and after the last the first.
        await DoneAndNextAsync(ids[0]);
        Assert.Contains("The one before is done. This is the next one.", alice.Page.Text);
        await DoneAndNextAsync(ids[2]);
        var last = await DoneAndNextAsync(null);

        Assert.Equal("/conversations", last.AbsolutePath);
        Assert.Contains("There is nothing more to do.", alice.Page.Text);
        Assert.All(ids, id => Assert.True(app.ConversationAsync(id).Result.IsDone));

        async Task<Uri> DoneAndNextAsync(Guid? next)
        {
            var form = alice.Submission("form[action$='/done']");
            form.Content = new StringContent(await form.Content!.ReadAsStringAsync() + "&next=true", null, "application/x-www-form-urlencoded");
            await alice.OpenAsync(form);
            if (next is { } id)
                Assert.Equal($"/conversations/{id:N}", alice.Page.Address.AbsolutePath);
            return alice.Page.Address;
        }
    }

    [Fact]
    public async Task Requests_without_an_answer_are_done_one_by_one_or_all_at_once()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var ids = new[] { await alice.AsksAsync(app, "first"), await alice.AsksAsync(app, "second"), await alice.AsksAsync(app, "third") };
        var bobs = await (await app.BobSignsInAsync()).AsksAsync(app, "Bob's");
        app.Time.Advance(Conversation.TimeToReply);
        alice = await app.AliceSignsInAsync();
        var waiting = await alice.AsksAsync(app, "still waiting");
        var page = await alice.GetAsync("/conversations");
        Assert.Equal("No answer: 3", page.Html.QuerySelector("#no-answer-title")!.TextContent);
        Assert.Equal(3, page.Html.QuerySelectorAll("#no-answer [data-id]").Length);
        Assert.Equal(3, page.Html.QuerySelectorAll("#no-answer a[href$='/ask-again']").Length);
        Assert.Null(page.Html.QuerySelector(".app-badge"));

        await PressAsync("id", ids[1].ToString("N"));
        Assert.Equal("No answer: 2", alice.Page.Html.QuerySelector("#no-answer-title")!.TextContent);
        await PressAsync("all", "true");

        Assert.Null(alice.Page.Html.QuerySelector("#no-answer"));
        Assert.All(ids, id => Assert.True(app.ConversationAsync(id).Result.IsDone));
        Assert.False((await app.ConversationAsync(waiting)).IsDone);
        Assert.False((await app.ConversationAsync(bobs)).IsDone);

        await alice.GetAsync("/conversations");
        var form = alice.Submission("form[action='/sign-out']");
        form.RequestUri = new Uri(form.RequestUri!, "/conversations/no-answer");
        form.Content = new StringContent(await form.Content!.ReadAsStringAsync() + $"&id={bobs:N}", null, "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.NotFound, (await alice.SendAsync(form)).StatusCode);
        Assert.False((await app.ConversationAsync(bobs)).IsDone);

        async Task PressAsync(string name, string value)
        {
            await alice.GetAsync("/conversations");
            var press = alice.Submission("#no-answer form");
            press.Content = new StringContent(await press.Content!.ReadAsStringAsync() + $"&{name}={value}", null, "application/x-www-form-urlencoded");
            await alice.OpenAsync(press);
            await alice.GetAsync("/conversations");
        }
    }

    [Fact]
    public async Task Done_for_all_leaves_what_ended_after_the_page_was_made_and_what_was_answered_at_the_last_moment()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var first = await alice.AsksAsync(app, "first");
        app.Time.Advance(TimeSpan.FromHours(1));
        alice = await app.AliceSignsInAsync();
        var later = await alice.AsksAsync(app, "later");
        app.Time.Advance(Conversation.TimeToReply - TimeSpan.FromMinutes(30));
        alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/conversations");
        var all = alice.Submission("#no-answer form");
        all.Content = new StringContent(await all.Content!.ReadAsStringAsync() + "&all=true", null, "application/x-www-form-urlencoded");
        app.Time.Advance(TimeSpan.FromMinutes(29));
        await app.AppendAsync(later, Given.Replied);
        app.Time.Advance(TimeSpan.FromMinutes(0.5));

        await alice.SendAsync(all);

        Assert.True((await app.ConversationAsync(first)).IsDone);
        Assert.False((await app.ConversationAsync(later)).IsDone);
    }
}
