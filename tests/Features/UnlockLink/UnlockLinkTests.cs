using System.Net;
using PatientResponse.Features;
using PatientResponse.Features.UnlockLink;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UnlockLinks;

public class UnlockLinkTests
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromHours(1);
    private static readonly LinkLocked Locked = new(Later);
    private static readonly LinkUnlocked Unlocked = new(Later);

    [Fact]
    public void A_link_can_be_unlocked_twice_and_not_a_third_time()
    {
        Assert.Null(UnlockLinkHandler.Validate(Given.Conversation(Given.Asked, Locked), Later));
        Assert.Null(UnlockLinkHandler.Validate(Given.Conversation(Given.Asked, Locked, Unlocked, Locked), Later));
        Assert.Contains("2 times", UnlockLinkHandler.Validate(Given.Conversation(Given.Asked, Locked, Unlocked, Locked, Unlocked, Locked), Later));
    }

    [Fact]
    public void Only_a_locked_link_that_is_still_in_time_can_be_unlocked()
    {
        Assert.Contains("not locked", UnlockLinkHandler.Validate(Given.Conversation(Given.Asked), Later));
        Assert.Contains("time to reply has ended", UnlockLinkHandler.Validate(Given.Conversation(Given.Asked, Locked), Given.SentAt + Conversation.TimeToReply));
    }

    [Fact]
    public async Task Alice_unlocks_a_link_and_the_same_link_gives_five_more_tries_until_the_same_time()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var link = app.NewestLink();
        await app.SomebodyLocksAsync(link);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.NewBrowser().GetAsync(link)).Status);
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("a wrong date of birth was entered 5 times", alice.Page.Text);

        await alice.SubmitAsync("form[action$=unlock]");

        Assert.Contains("five more tries", alice.Page.Text);
        Assert.Contains("Waiting for a reply until Monday 9 March 2026 at 9:30am", alice.Page.Text);
        for (var day = 1; day < Conversation.DateOfBirthTries; day++)
            await app.PatConfirmsAsync(link, day, 2, 1990);
        var pat = await app.PatConfirmsAsync(link);
        Assert.StartsWith("/reply/", pat.Page.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_double_click_spends_one_unlock()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.SomebodyLocksAsync(app.NewestLink());
        await alice.GetAsync($"/conversations/{id:N}");
        var (first, second) = (alice.Submission("form[action$=unlock]"), alice.Submission("form[action$=unlock]"));
        await alice.SendAsync(first);
        await app.SomebodyLocksAsync(app.NewestLink(), 1991);

        await alice.OpenAsync(second);

        Assert.Equal(HttpStatusCode.OK, alice.Page.Status);
        Assert.Contains("The link is locked", alice.Page.Text);
        Assert.NotNull(alice.Page.Html.QuerySelector("form[action$=unlock]"));
    }

    [Fact]
    public async Task After_two_unlocks_the_page_says_what_to_do_instead()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        for (var year = 1990; year < 1993; year++)
        {
            await app.SomebodyLocksAsync(app.NewestLink(), year);
            await alice.GetAsync($"/conversations/{id:N}");
            if (year < 1992)
                await alice.SubmitAsync("form[action$=unlock]");
        }

        Assert.Null(alice.Page.Html.QuerySelector("form[action$=unlock]"));
        Assert.NotNull(alice.Page.Html.QuerySelector("form[action$=cancel]"));
        Assert.Contains("unlocked 2 times, which is the most", alice.Page.Text);
    }
}

