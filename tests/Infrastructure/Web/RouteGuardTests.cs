using System.Net;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

public class RouteGuardTests
{
    private static readonly string[] Safe = ["GET", "HEAD", "OPTIONS", "TRACE"];

    [Fact]
    public async Task Every_unsafe_route_refuses_a_form_without_a_token_or_what_another_site_sends()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        var before = await app.StoredAsync();
        var unsafeRoutes = Routes.Of(app).SelectMany(route => Routes.Methods(route).Except(Safe).Select(method => (Route: route, Method: method))).ToList();
        Assert.Contains(unsafeRoutes, x => Routes.Address(x.Route) == "/sign-out");
        Assert.Contains(unsafeRoutes, x => Routes.Address(x.Route) == "/" && x.Route.Metadata.GetMetadata<GuardedOtherwise>() is not null);
        foreach (var (route, method) in unsafeRoutes)
        {
            var otherwise = route.Metadata.GetMetadata<GuardedOtherwise>() is not null;
            foreach (var token in new[] { null, "", "made-up" })
            {
                var request = new HttpRequestMessage(new HttpMethod(method), "http://localhost" + Routes.Address(route))
                {
                    Content = new FormUrlEncodedContent(new Dictionary<string, string?> { ["text"] = "What I wrote", ["__RequestVerificationToken"] = token }.Where(field => field.Value is not null)),
                };
                if (otherwise)
                    request.Headers.Add("Sec-Fetch-Site", "cross-site");
                var page = await TestPage.ReadAsync(await alice.SendAsync(request), request.RequestUri!);
                Assert.True(page.Status == (otherwise ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest), $"{method} {route.RoutePattern.RawText}: {page.Status}");
                if (!otherwise)
                    Assert.Contains("What I wrote", page.Text, StringComparison.Ordinal);
            }
        }
        Assert.Equal(before, await app.StoredAsync());
    }

    [Fact]
    public async Task The_token_of_one_person_does_not_serve_another()
    {
        await using var app = new TestApp();
        var (alice, bob) = (await app.AliceSignsInAsync(), await app.BobSignsInAsync());
        await alice.GetAsync("/account");
        await bob.GetAsync("/account");
        var alices = alice.Page.Html.QuerySelector("main [name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var page = await bob.SubmitAsync("main form", ("name", "Mallory"), ("__RequestVerificationToken", alices));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("Mallory", (await bob.GetAsync("/account")).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_refused_like_one_without_a_token()
    {
        await using var app = new TestApp();
        var broken = new StringContent("--b\r\nno part");
        broken.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        HttpContent[] unreadable = [broken, new FormUrlEncodedContent(Enumerable.Range(1, 3_000).Select(i => new KeyValuePair<string, string>($"field{i}", "1")))];
        foreach (var content in unreadable)
        {
            var answer = await app.NewBrowser().SendAsync(new(HttpMethod.Post, "http://localhost/sign-in") { Content = content });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_another_site_of_the_same_domain_made_up_is_not_offered_to_be_sent_again()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + Scenario.TestPatient)
        {
            Content = new FormUrlEncodedContent([new("text", "Made up elsewhere"), new("allowResponse", "true")]),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-site");

        var page = await TestPage.ReadAsync(await alice.SendAsync(request), request.RequestUri!);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("Made up elsewhere", page.Source, StringComparison.Ordinal);
    }
}
