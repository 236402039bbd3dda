using PatientResponse.Features;
using PatientResponse.Features.Conversations;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ListingConversations;

public class ConversationsTests
{
    [Fact]
    public async Task Without_conversations_the_list_leads_to_the_patients()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/conversations");

        Assert.Contains("You have not sent any messages yet", page.Text);
        Assert.NotNull(page.Html.QuerySelector("main a[href='/patients']"));
    }

    [Fact]
    public async Task Unread_replies_and_failures_lead_then_the_newest()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var ids = new List<Guid>();
        foreach (var text in new[] { "first", "second", "third", "fourth" })
        {
            ids.Add(await alice.AsksAsync(app, text));
            app.Time.Advance(TimeSpan.FromMinutes(1));
        }
        await app.PatRepliesAsync(ids[0], "An answer");
        await app.AppendAsync(ids[1], new SmsFailed(Guid.Empty, SmsFailure.Other, app.Time.GetUtcNow()));

        var page = await alice.GetAsync("/conversations");

        Assert.Equal(["second", "first", "fourth", "third"], page.Html.QuerySelectorAll(".app-conversations__text").Select(text => text.TextContent));
        Assert.Equal(["Not delivered", "Reply received – unread", "Waiting for reply", "Waiting for reply"],
            page.Html.QuerySelectorAll(".app-conversations__item > .nhsuk-tag").Select(tag => tag.TextContent));
        Assert.Equal("2 need attention", page.Html.QuerySelector(".app-badge")!.TextContent);
        Assert.All(page.Html.QuerySelectorAll(".app-conversations__item"), item => Assert.Contains("999 000 0018", item.TextContent));
        Assert.Equal(4, page.Html.QuerySelectorAll(".app-conversations__item .nhsuk-tag--purple").Count(tag => tag.TextContent == "Test"));
    }

    [Fact]
    public async Task Bob_does_not_see_what_Alice_sent()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.AsksAsync(app, "Only mine");
        Assert.Contains("Only mine", (await alice.GetAsync("/conversations")).Text);

        Assert.DoesNotContain("Only mine", (await (await app.BobSignsInAsync()).GetAsync("/conversations")).Text);
    }

    [Theory]
    [InlineData(ConversationStatus.Open, Delivery.Sent, false, "Waiting for reply")]
    [InlineData(ConversationStatus.Open, Delivery.Queued, false, "Being sent")]
    [InlineData(ConversationStatus.Open, Delivery.Failed, true, "Not delivered")]
    [InlineData(ConversationStatus.Open, Delivery.Unknown, true, "Cannot tell if it arrived")]
    [InlineData(ConversationStatus.Locked, Delivery.Sent, true, "Locked")]
    [InlineData(ConversationStatus.Replied, Delivery.Sent, true, "Reply received – unread")]
    [InlineData(ConversationStatus.Replied, Delivery.Unknown, false, "Read")]
    [InlineData(ConversationStatus.Cancelled, Delivery.Failed, false, "Cancelled")]
    [InlineData(ConversationStatus.Expired, Delivery.Failed, true, "Expired")]
    [InlineData(ConversationStatus.OneWay, Delivery.Sent, false, "Sent, no reply asked")]
    [InlineData(ConversationStatus.OneWay, Delivery.Failed, true, "Not delivered")]
    public void Each_state_has_its_words(ConversationStatus status, Delivery delivery, bool attention, string words) =>
        Assert.Equal(words, StateTag.Of(new(Guid.Empty, "", "", false, "", status, delivery, attention, default, null)).Text);

    [Fact]
    public async Task A_long_list_shows_a_hundred_and_then_more()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var first = await app.ConversationAsync(await alice.TellsAsync(app));
        for (var n = 0; n < 100; n++)
            await app.StartAsync(first.Sent with { ConversationId = Guid.NewGuid(), Ref = $"ref-{n}" });

        var page = await alice.GetAsync("/conversations");
        Assert.Equal(100, page.Html.QuerySelectorAll(".app-conversations__item").Length);

        page = await alice.GetAsync(page.Html.QuerySelector("a[href*=show]")!.GetAttribute("href")!);
        Assert.Equal(101, page.Html.QuerySelectorAll(".app-conversations__item").Length);
        Assert.Null(page.Html.QuerySelector("a[href*=show]"));
    }

    [Fact]
    public async Task Any_text_is_shown_as_text()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var first = await app.ConversationAsync(await alice.TellsAsync(app));
        foreach (var naughty in NaughtyStrings.All.Where(text => text.Contains('<')).Take(60))
            await app.StartAsync(first.Sent with { ConversationId = Guid.NewGuid(), Ref = Guid.NewGuid().ToString("N"), Text = naughty });

        var page = await alice.GetAsync("/conversations");

        Assert.Equal(61, page.Html.QuerySelectorAll(".app-conversations__item").Length);
        Assert.Empty(page.Html.QuerySelectorAll("script, iframe, object, svg, style, img"));
    }
}
