using PatientResponse.Features;
using PatientResponse.Features.Desk;
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
    public async Task What_is_to_be_done_leads_the_most_urgent_first_then_the_newest()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var ids = new List<Guid>();
        foreach (var text in new[] { "first", "second", "third", "fourth" })
        {
            ids.Add(await alice.AsksAsync(app, text));
            app.Time.Advance(TimeSpan.FromMinutes(1));
        }
        await app.FailsAsync(ids[1], SmsFailure.WrongNumber);
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await app.PatRepliesAsync(ids[0], "An answer\nin two lines");

        var page = await alice.GetAsync("/conversations");

        Assert.Equal(["The number is not in use. Check the number with the patient, then send the message again to the right one.", "An answer in two lines", "fourth", "third"],
            page.Html.QuerySelectorAll(".app-conversations__text").Select(text => text.TextContent));
        Assert.Equal(["Not delivered", "Replied", "Waiting for reply", "Waiting for reply"],
            page.Html.QuerySelectorAll(".app-conversations__item > .nhsuk-tag").Select(tag => tag.TextContent));
        Assert.Equal("2 to do", page.Html.QuerySelector(".app-badge")!.TextContent);
        Assert.Equal("(2) Conversations – PatientResponse", page.Title);
        Assert.Equal(["To do: 2", "Everything else"], page.Html.QuerySelectorAll(".app-desk__group").Select(group => group.TextContent));
        Assert.All(page.Html.QuerySelectorAll(".app-conversations__item"), item => Assert.Contains("1 January 1980", item.TextContent));
        // When it happened, not when the message was sent.
        Assert.Equal(["9:34am", "9:35am", "9:33am", "9:32am"], page.Html.QuerySelectorAll(".app-conversations__when").Select(when => when.TextContent));
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
    [InlineData(ConversationStatus.Replied, Delivery.Sent, true, "Replied")]
    [InlineData(ConversationStatus.Replied, Delivery.Unknown, false, "Replied")]
    [InlineData(ConversationStatus.Cancelled, Delivery.Failed, false, "Cancelled")]
    [InlineData(ConversationStatus.Expired, Delivery.Failed, true, "Not delivered")]
    [InlineData(ConversationStatus.Expired, Delivery.Sent, true, "No answer")]
    [InlineData(ConversationStatus.OneWay, Delivery.Sent, false, "Sent, no reply asked")]
    [InlineData(ConversationStatus.OneWay, Delivery.Delivered, false, "Delivered, no reply asked")]
    [InlineData(ConversationStatus.OneWay, Delivery.Failed, true, "Not delivered")]
    public void Each_state_has_its_words(ConversationStatus status, Delivery delivery, bool attention, string words) =>
        Assert.Equal(words, StateTag.Of(new(Guid.Empty, "", "", false, "", status, delivery, attention, Given.SentAt, null), Given.SentAt).Text);

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
        var shown = Ids(page);
        // What arrives meanwhile moves nothing out of the page or into it twice.
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await alice.TellsAsync(app);

        page = await alice.GetAsync(page.Html.QuerySelector("a[href*='after=']")!.GetAttribute("href")!);
        Assert.Equal(101, shown.Union(Ids(page)).Count());
        Assert.Single(Ids(page));
        Assert.Null(page.Html.QuerySelector("a[href*='after=']"));
        Assert.Equal("/conversations", page.Html.QuerySelector("#list a.nhsuk-button")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_made_up_place_in_the_list_is_its_beginning()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.TellsAsync(app);
        foreach (var after in new[] { "x", "1-2", "0-99999999999999999999-a", "-1-1-0123456789abcdef0123456789abcdef", "+2-1-0123456789abcdef0123456789abcdef", "0-1-not" })
            Assert.Single(Ids(await alice.GetAsync("/conversations?after=" + after)));
    }

    [Fact]
    public async Task Each_filter_shows_its_own()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var app = new TestApp();
        app.Settings["ConnectionStrings:Postgres"] = started.ConnectionString;
        var alice = await app.AliceSignsInAsync();
        var ended = await alice.AsksAsync(app, "ended");
        app.Time.Advance(Conversation.TimeToReply);
        alice = await app.AliceSignsInAsync();
        var waiting = await alice.AsksAsync(app, "waiting");
        var failed = await alice.AsksAsync(app, "failed");
        await app.FailsAsync(failed);
        var told = await alice.TellsAsync(app, "told");
        var read = await alice.AsksAsync(app, "read");
        await app.PatRepliesAsync(read, "Yes");
        var answered = await alice.AsksAsync(app, "answered");
        await app.PatRepliesAsync(answered, "Yes");
        await alice.GetAsync($"/conversations/{answered:N}");
        var fresh = await alice.AsksAsync(app, "fresh");
        await app.PatRepliesAsync(fresh, "Yes");
        var done = await alice.AsksAsync(app, "done");
        await app.AppendAsync(done, new ConversationCancelled(app.Time.GetUtcNow()), new ConversationDone(app.Time.GetUtcNow()));

        await alice.GetAsync($"/conversations/{read:N}");

        await ShowsAsync("", ended, waiting, failed, told, read, answered, fresh, done);
        await ShowsAsync("attention", failed, read, fresh);
        await ShowsAsync("waiting", waiting);
        await ShowsAsync("replied", read, fresh);
        await ShowsAsync("not-delivered", failed);
        await ShowsAsync("no-answer", ended);
        await ShowsAsync("ended", ended);
        await ShowsAsync("done", done, answered);

        async Task ShowsAsync(string state, params Guid[] expected)
        {
            var page = await alice.GetAsync("/conversations?state=" + state);
            Assert.Equal(expected.Select(id => id.ToString("N")).Order(), Ids(page).Order());
            Assert.Equal(ListFilter.Named(state).Text, page.Html.QuerySelector(".app-filters [aria-current]")!.TextContent);
            Assert.Equal(state == "", page.Html.QuerySelector("input[name=state]") is null);
        }
    }

    [Fact]
    public async Task From_the_deadline_on_the_list_and_the_page_say_the_same()
    {
        await using var app = new TestApp();
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        app.Time.Advance(Conversation.TimeToReply - TimeSpan.FromSeconds(1));
        await app.DoQueuedWorkAsync();
        var alice = await app.AliceSignsInAsync();
        Assert.Equal("Waiting for reply", await TagAsync());
        Assert.Contains("Waiting for a reply until", (await alice.GetAsync($"/conversations/{id:N}")).Text);

        app.Time.Advance(TimeSpan.FromSeconds(1));
        await app.DoQueuedWorkAsync();

        Assert.Equal(ConversationStatus.Open, (await app.ConversationAsync(id)).Status);
        Assert.Equal("No answer", await TagAsync());
        Assert.Contains("did not reply in time", (await alice.GetAsync($"/conversations/{id:N}")).Text);

        async Task<string> TagAsync() => (await alice.GetAsync("/conversations")).Html.QuerySelector(".app-conversations__item > .nhsuk-tag")!.TextContent;
    }

    [Fact]
    public async Task Alice_finds_a_patient_s_conversations_by_name_or_number()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var sent = (await app.ConversationAsync(await alice.TellsAsync(app))).Sent;
        var obrien = Guid.NewGuid();
        await app.StartAsync(sent with { ConversationId = obrien, Ref = "other", Patient = sent.Patient with { Name = "Zoë O'Brien", NhsNumber = "9990000026" } });

        Assert.All(["zoe", "OBRIEN, z", "999 000 0026"], q => Assert.Equal(obrien.ToString("N"), Assert.Single(SearchAsync(q).Result)));
        Assert.Equal(sent.ConversationId.ToString("N"), Assert.Single(await SearchAsync("Test Patient")));
        Assert.Empty(await SearchAsync("brown"));
        Assert.Contains("There is no such conversation", alice.Page.Text);
        await SearchAsync("9990000027");
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.Contains("not a valid NHS number", alice.Page.Html.QuerySelector("#q-error")!.TextContent);
        Assert.Equal("9990000027", alice.Page.Html.QuerySelector("#q")!.GetAttribute("value"));

        await alice.GetAsync("/conversations?q=zoe");
        Assert.Contains("/conversations?state=done&q=zoe", alice.Page.Html.QuerySelectorAll(".app-filters a").Select(link => link.GetAttribute("href")));

        async Task<IReadOnlyList<string>> SearchAsync(string q) => Ids(await alice.GetAsync("/conversations?q=" + Uri.EscapeDataString(q)));
    }

    [Fact]
    public async Task Whose_conversations_Alice_looked_for_is_in_no_address()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.TellsAsync(app);
        await alice.GetAsync("/conversations?state=ended");

        var page = await alice.SubmitAsync("form[role=search]", ("q", "Test Patient"));
        Assert.Matches("^/conversations[?]state=ended&search=[0-9a-f]{32}$", page.Address.PathAndQuery);
        var all = page.Html.QuerySelectorAll(".app-filters a").Select(link => link.GetAttribute("href")!).First();
        Assert.Matches("^/conversations[?]search=[0-9a-f]{32}$", all);
        page = await alice.GetAsync(all);
        Assert.Equal("Test Patient", page.Html.QuerySelector("#q")!.GetAttribute("value"));
        Assert.Single(Ids(page));
        Assert.DoesNotContain(page.Html.QuerySelectorAll("[href], [action]"), link =>
            (link.GetAttribute("href") + link.GetAttribute("action")).Contains("Patient", StringComparison.Ordinal));

        app.Time.Advance(TimeSpan.FromMinutes(29));
        await alice.GetAsync(all);
        app.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.Single(Ids(await alice.GetAsync(all)));
        app.Time.Advance(TimeSpan.FromMinutes(3));
        page = await alice.GetAsync(all);
        Assert.Contains("This search is no longer kept. Search again.", page.Text);
        Assert.Empty(Ids(page));
    }

    [Theory]
    [InlineData("31/03/1980")]
    [InlineData("patient 1980")]
    public async Task A_date_of_birth_is_told_to_be_left_out_of_a_search_for_conversations(string q)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.TellsAsync(app);
        await alice.GetAsync("/conversations");
        var page = await alice.SubmitAsync("form[role=search]", ("q", q));
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Leave out the date of birth", page.Html.QuerySelector("#q-error")!.TextContent);
    }

    [Fact]
    public async Task The_list_that_refreshes_itself_is_a_part_of_the_page_and_no_sign_that_somebody_is_there()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "Better");
        for (var minutes = 0; minutes < 28; minutes += 4)
        {
            app.Time.Advance(TimeSpan.FromMinutes(4));
            await RefreshAsync();
            Assert.Equal("1", alice.Page.Html.QuerySelector("#list")!.GetAttribute("data-attention"));
            Assert.Equal("reply", alice.Page.Html.QuerySelector("[data-id]")!.GetAttribute("data-attention-for"));
            Assert.DoesNotContain("<html", alice.Page.Source, StringComparison.OrdinalIgnoreCase);
        }
        app.Time.Advance(TimeSpan.FromMinutes(4));

        await RefreshAsync();

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, alice.Page.Status);
        Assert.StartsWith("/sign-in", alice.Page.Response.Headers.GetValues("HX-Redirect").Single());

        Task RefreshAsync() => alice.GetAsync("/conversations", ("HX-Request", "true"), ("X-Background-Refresh", "1"));
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
        Assert.Empty(page.Html.QuerySelectorAll("body script, iframe, object, svg, style, img"));
    }

    private static List<string> Ids(TestPage page) => [.. page.Html.QuerySelectorAll("[data-id]").Select(row => row.GetAttribute("data-id")!)];
}
