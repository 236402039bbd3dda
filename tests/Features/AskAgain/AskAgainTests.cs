using System.Net;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.AskingAgain;

public class AskAgainTests
{
    [Fact]
    public async Task Alice_asks_again_below_the_reply_in_her_own_words_and_both_are_one_thread()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var first = await alice.AsksAsync(app, "Please send a photo of the rash.");
        await app.PatRepliesAsync(first, "Here it is, <b>blurred</b>", ("rash.jpg", SampleFiles.Of(FileKind.Jpeg)));
        await alice.GetAsync($"/conversations/{first:N}");

        // It says nothing that nobody said.
        Assert.Equal("", alice.Page.Html.QuerySelector("#text")!.TextContent);
        Assert.True(alice.Page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        await alice.SubmitAsync("#compose", ("text", "Please send one in daylight."));
        await app.DoQueuedWorkAsync();

        var second = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        Assert.Equal(first, (await app.ConversationAsync(second)).Sent.Follows);
        Assert.Contains("Please send one in daylight.", app.SentTexts[0].Text);
        Assert.Equal(["Please send a photo of the rash.", "Please send one in daylight."], Said(alice.Page));
        Assert.Equal("Here it is, <b>blurred</b>", alice.Page.Html.QuerySelector(".app-reply-text")!.TextContent);
        Assert.NotNull(alice.Page.Html.QuerySelector($".app-thumb[src='/conversations/{first:N}/files/1?view']"));
        Assert.Contains("Please send one in daylight.", alice.Page.Html.QuerySelector("#opened")!.TextContent);
        await app.PatRepliesAsync(second, "Clearer now");
        Assert.Equal(["Here it is, <b>blurred</b>", "Clearer now"],
            (await alice.GetAsync($"/conversations/{first:N}")).Html.QuerySelectorAll(".app-reply-text").Select(reply => reply.TextContent));
        Assert.Contains("Please send a photo of the rash.", alice.Page.Html.QuerySelector("#opened")!.TextContent);
    }

    [Fact]
    public async Task A_thread_is_Alice_s_own_and_one_patient_s()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Mine to Pat");
        var sent = (await app.ConversationAsync(id)).Sent;
        await app.StartAsync(sent with { ConversationId = Guid.NewGuid(), Ref = "another", Text = "Mine to Zoë", Patient = sent.Patient with { PatientId = "zoe" } });
        await (await app.BobSignsInAsync()).AsksAsync(app, "Bob's to Pat");
        await alice.AsksAsync(app, "Mine to Pat as well");

        Assert.Equal(["Mine to Pat", "Mine to Pat as well"], Said(await alice.GetAsync($"/conversations/{id:N}")));
    }

    [Fact]
    public async Task Alice_asks_again_while_Pat_can_still_answer_and_the_older_link_says_so()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "How is your knee?");
        var (older, pat) = (app.NewestLink(), app.NewBrowser());
        const string Newer = "We have sent you a newer message since.";
        Assert.DoesNotContain(Newer, (await pat.GetAsync(older)).Text);

        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("#compose", ("text", "And your hip?"));
        await app.DoQueuedWorkAsync();

        Assert.Contains(Newer, (await pat.GetAsync(older)).Text);
        Assert.DoesNotContain(Newer, (await pat.GetAsync(app.NewestLink())).Text);
        Assert.Contains("You asked again in a newer message", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        // Who answers the older one all the same is heard.
        await app.PatRepliesAsync(id, "The knee is better");
        Assert.Contains("1 to do", (await alice.GetAsync("/conversations")).Text);
        Assert.Contains(Newer, (await pat.GetAsync(older)).Text);
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

    private static IEnumerable<string> Said(TestPage page) => page.Html.QuerySelectorAll(".app-bubble__text").Select(text => text.TextContent);
}
