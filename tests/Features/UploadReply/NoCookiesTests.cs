using System.Net;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

/// <summary>Pat's browser keeps no cookies, so that it cannot show that the date of birth was right.</summary>
public sealed class NoCookiesTests : IAsyncDisposable
{
    private const string KeepsNone = "This browser keeps no cookies";
    private const string OpenAgain = "Open your link again";
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Pat_reads_that_this_browser_keeps_no_cookies_and_what_to_do()
    {
        var request = await _app.AliceAsksAsync("How is your rash today?");
        var pat = _app.NewBrowserWithoutCookies();
        await pat.GetAsync(request.Link);

        var page = await pat.GivesDateOfBirthAsync(1, 1, 1980);

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Equal(KeepsNone, page.Heading);
        foreach (var advice in new[] { "Your link still works", "Safari, Chrome or another browser", "“Open in browser”", "allow them in its settings", "phone Demo Surgery on 01632 960001" })
            Assert.Contains(advice, page.Text, StringComparison.Ordinal);
        Assert.Equal("tel:01632960001", page.Html.QuerySelector("main a[href^='tel:01632']")!.GetAttribute("href"));
        foreach (var secret in new[] { "Test Patient", "999000", "999 000", "rash", "Dana", "1980", "07700", request.Link[3..] })
            Assert.DoesNotContain(secret, page.Source, StringComparison.Ordinal);
        // The link is as good as new, in a browser that keeps cookies.
        await _app.PatOpensAsync(request.Link);
    }

    [Fact]
    public async Task What_the_practice_hides_before_the_date_of_birth_stays_hidden()
    {
        var request = await _app.AliceAsksAsync();
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Store((await session.LoadAsync<Practice>("demo"))! with { ShowNameBeforeDateOfBirth = false });
            await session.SaveChangesAsync();
            return true;
        });
        var pat = _app.NewBrowserWithoutCookies();
        await pat.GetAsync(request.Link);
        var page = await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Equal(KeepsNone, page.Heading);
        Assert.DoesNotContain("Demo Surgery", page.Source, StringComparison.Ordinal);
        Assert.DoesNotContain("01632", page.Source, StringComparison.Ordinal);
        Assert.Contains("phone your GP surgery or the service that wrote to you", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_neutral_message_it_says_neither_who_wrote_nor_that_it_is_about_health()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        await _app.DoQueuedWorkAsync();
        var pat = _app.NewBrowserWithoutCookies();
        await pat.GetAsync(_app.NewestLink());
        var page = await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Equal(KeepsNone, page.Heading);
        foreach (var word in new[] { "Demo Surgery", "01632", "GP", "NHS", "health", "medical", "111", "rash" })
            Assert.DoesNotContain(word, page.Html.QuerySelector("main")!.InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_session_is_over_is_told_so_and_not_that_cookies_are_missing()
    {
        var request = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(request.Link);
        var address = pat.Page.Address.PathAndQuery;
        Assert.Contains("?cookie=", address, StringComparison.Ordinal);
        Assert.Equal("Your answer", (await pat.GetAsync(address)).Heading);
        _app.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(OpenAgain, (await pat.GetAsync(address)).Heading);
        // A phone that dropped the cookies of a page that is open in a tab.
        Assert.Equal(OpenAgain, (await _app.NewBrowser().GetAsync(address)).Heading);
    }

    [Fact]
    public async Task The_same_address_in_another_browser_says_to_open_the_link()
    {
        var request = await _app.AliceAsksAsync();
        var pat = _app.NewBrowserWithoutCookies();
        await pat.GetAsync(request.Link);
        var address = (await pat.GivesDateOfBirthAsync(1, 1, 1980)).Address.PathAndQuery;
        Assert.Equal(KeepsNone, (await pat.GetAsync(address)).Heading);
        Assert.Equal(OpenAgain, (await _app.NewBrowser().GetAsync(address, ("User-Agent", "Safari"))).Heading);
    }

    [Fact]
    public async Task A_mark_counts_for_two_minutes_and_one_conversation_and_cannot_be_made_up()
    {
        var (first, second) = (await _app.AliceAsksAsync(), await _app.AliceAsksAsync());
        var pat = _app.NewBrowserWithoutCookies();
        await pat.GetAsync(first.Link);
        var marked = (await pat.GivesDateOfBirthAsync(1, 1, 1980)).Address;
        await pat.GetAsync(second.Link);
        var other = (await pat.GivesDateOfBirthAsync(1, 1, 1980)).Address;
        Assert.Equal(KeepsNone, pat.Page.Heading);

        string[] worthless =
        [
            marked.AbsolutePath, marked.AbsolutePath + other.Query, marked.PathAndQuery + "0", marked.PathAndQuery[..^1], marked.AbsolutePath + "?cookie=1", marked.AbsolutePath + "?cookie=.",
            "/reply/unknown0" + marked.Query, marked.AbsolutePath + marked.Query.Replace("cookie=1", "cookie=2", StringComparison.Ordinal),
        ];
        foreach (var address in worthless)
            Assert.True((await pat.GetAsync(address)).Heading == OpenAgain, address);
        _app.Time.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(OpenAgain, (await pat.GetAsync(marked.PathAndQuery)).Heading);
    }
}
