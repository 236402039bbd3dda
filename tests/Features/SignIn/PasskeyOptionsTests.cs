using System.Globalization;
using System.Net;
using PatientResponse.Features.SignIn;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SignIn;

public class PasskeyOptionsTests
{
    [Fact]
    public async Task Whoever_asks_for_a_great_many_is_refused_for_five_minutes_whatever_address_they_claim()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        for (var i = 0; i < PasskeySignInModule.MostInWindow; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(i)).StatusCode);
        var refused = await AskAsync(1000);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("application/json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromMinutes(5), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("sign in with your email address", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(1)).StatusCode);

        Task<HttpResponseMessage> AskAsync(int i)
        {
            var request = browser.Submission("form[data-passkey]");
            request.RequestUri = new("http://localhost/sign-in/passkey/options");
            request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"10.1.{i / 250}.{i % 250}"));
            return browser.SendAsync(request);
        }
    }
}
