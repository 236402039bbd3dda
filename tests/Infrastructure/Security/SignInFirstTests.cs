using System.Net;
using Microsoft.AspNetCore.Authorization;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class SignInFirstTests
{
    [Fact]
    public async Task Every_page_of_clinicians_leads_to_sign_in_and_back()
    {
        await using var app = new TestApp();
        var addresses = Routes.Of(app).Where(route => route.Metadata.GetMetadata<IAuthorizeData>() is not null && Routes.Allows(route, "GET"))
            .Select(Routes.Address).ToList();
        Assert.Contains("/account", addresses);
        foreach (var address in addresses)
        {
            var response = await app.NewBrowser().SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri("http://localhost" + address + "?a=b%20c")));
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            Assert.Equal("/sign-in?returnUrl=" + Uri.EscapeDataString(address + "?a=b%20c"), response.Headers.Location!.OriginalString);
        }
    }

    [Theory]
    [InlineData("/patients/nobody/nothing", "Page not found")]
    [InlineData("/conversations/no-such-thing/files/1.jpg", "This conversation belongs to a colleague")]
    [InlineData("/account/nothing", "Page not found")]
    public async Task A_page_that_does_not_exist_shows_so_only_after_sign_in(string address, string heading)
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync(address);
        Assert.Equal("/sign-in", browser.Page.Address.AbsolutePath);
        var page = await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal(address, page.Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal(heading, page.Heading);
    }

    [Fact]
    public async Task Other_pages_that_do_not_exist_need_no_sign_in()
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().GetAsync("/nothing/here.php");
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("Page not found", page.Heading);
    }

    [Fact]
    public async Task Text_that_was_being_typed_when_the_session_ended_is_shown_back_and_not_kept()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        app.Time.Advance(TimeSpan.FromMinutes(31));
        const string text = "\nHello <b>Ann</b>,\nhow is the knee?";
        var page = await alice.OpenAsync(Post("/account", ("text", text), ("name", "Changed")));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("You were signed out. Nothing was sent.", page.Heading);
        var area = (AngleSharp.Html.Dom.IHtmlTextAreaElement)page.Html.QuerySelector("textarea")!;
        Assert.Equal(text, area.Value);
        var link = page.Html.QuerySelector("main a")!;
        Assert.Equal("_blank", link.GetAttribute("target"));
        Assert.Equal("/sign-in?returnUrl=%2Faccount", link.GetAttribute("href"));

        alice = await app.AliceSignsInAsync();
        Assert.DoesNotContain("Changed", (await alice.GetAsync("/account")).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_an_address_cannot_be_opened_sign_in_leads_to_my_conversations()
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().OpenAsync(Post("/sign-out"));
        Assert.Equal("/sign-in?returnUrl=%2Fconversations", page.Html.QuerySelector("main a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task What_another_site_posts_is_not_shown()
    {
        await using var app = new TestApp();
        var request = Post("/account", ("text", "planted"));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        var page = await app.NewBrowser().OpenAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("planted", page.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Htmx_takes_the_whole_page_to_sign_in_and_back_to_the_page_it_was_on()
    {
        await using var app = new TestApp();
        var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/account/part");
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Current-URL", "http://localhost/account?saved=details");
        var response = await app.NewBrowser().SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Faccount%3Fsaved%3Ddetails", Assert.Single(response.Headers.GetValues("HX-Redirect")));
    }

    private static HttpRequestMessage Post(string address, params (string Name, string Value)[] fields) => new(HttpMethod.Post, new Uri("http://localhost" + address))
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };
}
