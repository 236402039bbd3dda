using System.Net;
using Microsoft.AspNetCore.Authorization;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SignIn;

public sealed class NoCookiesTests : IAsyncDisposable
{
    private const string KeepsNone = "This browser seems to keep no cookies";
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Alice_signs_in_with_a_browser_that_keeps_no_cookies_and_reads_why_it_cannot_be()
    {
        var alice = _app.NewBrowserWithoutCookies();
        await alice.GetAsync("/account/password?from=here");

        var page = await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(KeepsNone, page.Heading);
        Assert.Contains("Allow cookies for localhost", page.Text, StringComparison.Ordinal);
        Assert.Contains($"You typed: {Scenario.AlicesEmail}", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Scenario.Password, page.Source, StringComparison.Ordinal);
        Assert.DoesNotContain("open for too long", page.Text, StringComparison.Ordinal);
        // Again, because the advice was not followed.
        Assert.Equal(KeepsNone, (await alice.SubmitAsync("main form")).Heading);
    }

    [Fact]
    public async Task Every_form_that_is_open_without_sign_in_says_it()
    {
        var routes = Routes.Of(_app).Where(route => Routes.Allows(route, "POST") && Routes.Methods(route).Count > 0
            && route.Metadata.GetMetadata<GuardedOtherwise>() is null && route.Metadata.GetMetadata<IAuthorizeData>() is null).Select(Routes.Address).ToList();
        Assert.Superset(new HashSet<string> { "/sign-in", "/sign-in/second-step", "/sign-in/passkey", "/set-password" }, routes.ToHashSet());
        foreach (var route in routes)
        {
            var answer = await _app.NewBrowser().SendAsync(new(HttpMethod.Post, "http://localhost" + route) { Content = new FormUrlEncodedContent([]) });
            Assert.True((await TestPage.ReadAsync(answer, new("http://localhost/"))).Heading == KeepsNone, route);
        }
    }

    [Fact]
    public async Task A_form_that_was_open_for_too_long_is_still_called_that()
    {
        var alice = _app.NewBrowser();
        await alice.GetAsync("/sign-in");
        Assert.Equal("This page was open for too long", (await alice.SubmitAsync("main form", ("__RequestVerificationToken", "stale"))).Heading);
        var signedIn = await _app.AliceSignsInAsync();
        await signedIn.GetAsync("/account");
        signedIn.Cookies.GetCookies(new("http://localhost/"))["form"]!.Expired = true;
        Assert.Equal("This page was open for too long", (await signedIn.SubmitAsync("main form")).Heading);
    }

    [Fact]
    public async Task What_another_site_sends_comes_without_cookies_and_is_called_foreign()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/sign-in") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        var page = await _app.NewBrowser().OpenAsync(request);
        Assert.Contains("The form came from another website", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("cookies", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_step_whose_cookie_did_not_come_back_does_not_lead_to_sign_in_for_ever()
    {
        await _app.SetsUpAnAppAsync(await _app.AliceSignsInAsync());
        var alice = _app.NewBrowserWithoutCookies("second-step");
        await alice.GetAsync("/sign-in");
        var page = await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal(KeepsNone, page.Heading);

        var slow = await _app.GivesPasswordAsync();
        _app.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("/sign-in", (await slow.GetAsync(slow.Page.Address.PathAndQuery)).Address.AbsolutePath);
        Assert.Equal("/sign-in", (await _app.NewBrowser().GetAsync("/sign-in/second-step")).Address.AbsolutePath);
    }
}
