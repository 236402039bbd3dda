using System.Net;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class StaffSessionTests
{
    private static readonly Uri Root = new("http://localhost/");

    [Fact]
    public async Task Signing_in_again_changes_the_session_and_the_old_cookie_is_worthless()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var old = Cookie(alice);
        Assert.True(await IsSignedInAsync(app, old));
        await alice.GetAsync("/account/password");
        await alice.SubmitAsync("main form", ("current", Scenario.Password), ("password", "another-password-2"), ("again", "another-password-2"));
        Assert.NotEqual(old, Cookie(alice));
        Assert.True(await IsSignedInAsync(app, Cookie(alice)));
        Assert.False(await IsSignedInAsync(app, old));
    }

    [Fact]
    public async Task A_sign_in_over_another_ends_the_one_before()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        var old = Cookie(browser);
        // What a script would do: this browser's next sign-in is sent with the cookie of the one before.
        await browser.GetAsync("/account");
        var token = browser.Page.Html.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        await browser.OpenAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(Root, "/sign-in"))
        {
            Content = new FormUrlEncodedContent([new("email", Scenario.BobsEmail), new("password", Scenario.Password), new("__RequestVerificationToken", token)]),
        });
        Assert.Contains(Scenario.BobsEmail, (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(app, old));
    }

    [Fact]
    public async Task Signing_out_ends_every_session_of_the_person_and_of_nobody_else()
    {
        await using var app = new TestApp();
        var (desk, ward, bob) = (await app.AliceSignsInAsync(), await app.AliceSignsInAsync(), await app.BobSignsInAsync());
        var old = Cookie(desk);
        await desk.GetAsync("/account");
        var page = await desk.SubmitAsync("form[action='/sign-out']");
        Assert.Equal("/sign-in", page.Address.AbsolutePath);
        Assert.Equal("", Cookie(desk));
        Assert.False(await IsSignedInAsync(app, old));
        Assert.False(await IsSignedInAsync(app, Cookie(ward)));
        Assert.True(await IsSignedInAsync(app, Cookie(bob)));
    }

    [Fact]
    public async Task A_disabled_account_ends_at_the_next_request()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        Assert.True(await IsSignedInAsync(app, Cookie(alice)));
        await app.WithAsync<IDocumentSession, bool>(async documents =>
        {
            var clinician = (await documents.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail)))!;
            clinician.Disabled = true;
            documents.Store(clinician);
            await documents.SaveChangesAsync();
            return true;
        });
        Assert.False(await IsSignedInAsync(app, Cookie(alice)));
    }

    [Fact]
    public async Task Thirty_minutes_without_activity_end_a_session_and_activity_keeps_it()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        app.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.True(await IsSignedInAsync(app, Cookie(alice)));
        app.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.True(await IsSignedInAsync(app, Cookie(alice)));
        app.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.False(await IsSignedInAsync(app, Cookie(alice)));
    }

    [Fact]
    public async Task A_page_that_refreshes_itself_is_no_activity()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        app.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("/account", (await alice.GetAsync("/account", ("X-Background-Refresh", "1"))).Address.AbsolutePath);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await IsSignedInAsync(app, Cookie(alice)));
    }

    [Fact]
    public async Task Twelve_hours_end_a_session_however_busy_it_is()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        for (var minutes = 20; minutes < 12 * 60; minutes += 20)
        {
            app.Time.Advance(TimeSpan.FromMinutes(20));
            Assert.True(await IsSignedInAsync(app, Cookie(alice)), $"after {minutes} minutes");
        }
        app.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.False(await IsSignedInAsync(app, Cookie(alice)));
    }

    private static string Cookie(TestBrowser browser) => browser.Cookies.GetCookies(Root)["staff"]?.Value ?? "";

    /// <summary>Replays a cookie from another browser.</summary>
    private static async Task<bool> IsSignedInAsync(TestApp app, string cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Root, "/account"));
        request.Headers.Add("Cookie", "staff=" + cookie);
        return (await app.NewBrowser().SendAsync(request)).StatusCode == HttpStatusCode.OK;
    }
}
