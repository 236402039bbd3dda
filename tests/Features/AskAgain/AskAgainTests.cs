using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.AskingAgain;

public class AskAgainTests
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromHours(1);

    [Fact]
    public void Only_what_can_no_longer_be_answered_is_asked_again()
    {
        Assert.NotNull(FollowUp.Obstacle(Given.Conversation(Given.Asked, Given.Accepted), Later));
        Assert.NotNull(FollowUp.Obstacle(Given.Conversation(Given.Asked, new LinkLocked(Later)), Later));
        Assert.NotNull(FollowUp.Obstacle(Given.Conversation(Given.Told, Given.Accepted), Later));
        Assert.All<object>([Given.Replied, new ConversationCancelled(Later), new ConversationExpired(Later)],
            over => Assert.Null(FollowUp.Obstacle(Given.Conversation(Given.Asked, over), Later)));
        Assert.Null(FollowUp.Obstacle(Given.Conversation(Given.Asked), Given.SentAt + Conversation.TimeToReply));
    }

    [Fact]
    public async Task Alice_asks_for_a_clearer_photo_in_two_clicks_and_both_are_one_thread()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var first = await alice.AsksAsync(app, "Please send a photo of the rash.");
        await app.PatRepliesAsync(first, "Here it is, <b>blurred</b>", ("rash.jpg", SampleFiles.Of(FileKind.Jpeg)));
        await alice.GetAsync($"/conversations/{first:N}");

        await alice.GetAsync(alice.Page.Html.QuerySelector("a[href$=ask-again]")!.GetAttribute("href")!);
        Assert.Contains("a clearer photo", alice.Page.Html.QuerySelector("#text")!.TextContent);
        Assert.True(alice.Page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        await alice.SubmitAsync("#compose");
        await app.DoQueuedWorkAsync();

        var second = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        Assert.Equal(first, (await app.ConversationAsync(second)).Sent.Follows);
        Assert.Contains("a clearer photo", app.SentTexts[0].Text);
        var earlier = alice.Page.Html.QuerySelector(".app-thread")!;
        Assert.False(earlier.QuerySelector("details")!.HasAttribute("open"));
        Assert.Contains("Please send a photo of the rash.", earlier.TextContent);
        Assert.Contains("Here it is, <b>blurred</b>", earlier.TextContent);
        await alice.GetAsync(earlier.QuerySelector("a")!.GetAttribute("href")!);
        Assert.Equal($"/conversations/{first:N}", alice.Page.Address.AbsolutePath);
        Assert.NotNull(alice.Page.Html.QuerySelector($"a[href='/conversations/{second:N}']"));

        await app.PatRepliesAsync(second, "Clearer now");
        Assert.Contains("Clearer now", (await alice.GetAsync($"/conversations/{second:N}")).Text);
    }

    [Fact]
    public async Task Nobody_else_s_conversation_nor_another_patient_s_becomes_part_of_a_thread()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "Better");
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/patients/test/message?follows={id:N}")).Status);

        var bob = await app.BobSignsInAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/conversations/{id:N}/ask-again")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/patients/test/message?follows={id:N}")).Status);
        await alice.GetAsync("/patients?q=smith");
        var another = alice.Page.Html.QuerySelectorAll("a[href$='/message']").Select(link => link.GetAttribute("href")!).First(href => !href.Contains("/test/"));
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"{another}?follows={id:N}")).Status);

        await bob.GetAsync(Scenario.TestPatient);
        var form = bob.Submission("#compose", ("text", "Mine now"));
        form.Content = new StringContent(await form.Content!.ReadAsStringAsync() + $"&follows={id:N}", null, "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.NotFound, (await bob.SendAsync(form)).StatusCode);
        await app.DoQueuedWorkAsync();
        Assert.Single(app.SentTexts);
    }

    [Fact]
    public async Task A_request_that_still_waits_is_not_asked_again()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);

        var page = await alice.GetAsync($"/conversations/{id:N}/ask-again");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("The patient can still reply to this message.", page.Text);
    }
}
