using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

public class BadRequestTests
{
    private const string PublicUrl = "https://reply.example.nhs.uk";

    [Fact]
    public async Task A_NUL_in_an_address_is_a_bad_request()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var app = new TestApp { Settings = { ["ConnectionStrings:Postgres"] = started.ConnectionString } };
        var alice = await app.AliceSignsInAsync();
        foreach (var address in new[] { "/set-password?user=%00x&token=y", "/set-password?user=x%00&token=y", "/patients?q=%00" })
        {
            var page = await alice.GetAsync(address);
            Assert.True(page.Status is HttpStatusCode.BadRequest, $"{address}: {page.Status}");
            Assert.Contains("no-store", page.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_NUL_in_a_form_is_left_out()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var app = new TestApp { Settings = { ["ConnectionStrings:Postgres"] = started.ConnectionString } };
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        var token = alice.Page.Html.QuerySelector("main [name=__RequestVerificationToken]")!.GetAttribute("value")!;

        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in new[] { ("user", "a\0b"), ("token", "c"), ("__RequestVerificationToken", token) })
            form.Add(new StringContent(value), name);
        var page = await alice.OpenAsync(new(HttpMethod.Post, "http://localhost/set-password") { Content = form });
        Assert.Equal(HttpStatusCode.Gone, page.Status);

        using var message = new MultipartFormDataContent();
        foreach (var (name, value) in new[] { ("text", "Hello"), ("allowResponse", "true\0"), ("sending", "x\0"), ("__RequestVerificationToken", token) })
            message.Add(new StringContent(value), name);
        page = await alice.OpenAsync(new(HttpMethod.Post, "http://localhost" + Scenario.TestPatient) { Content = message });
        Assert.Contains("Waiting for a reply", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_Production_a_field_of_the_wrong_kind_is_answered_with_a_page()
    {
        await using var app = Production();
        var browser = app.NewBrowser();

        var page = await browser.OpenAsync(Post(PublicUrl + "/r/00000000000000000000000000", "multipart/form-data; boundary=b", "--b\r\nno part"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("Sorry, something went wrong", page.Heading);
        Assert.Equal("max-age=31536000; includeSubDomains", page.Response.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Contains("no-store", page.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "email=a")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-7''a%2Ejpg\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"=?utf-7?B?dGV4dA==?=\"\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nx\r\n--b--\r\n")]
    public async Task A_form_in_an_encoding_that_nobody_reads_any_more_is_no_failure_of_ours(string contentType, string body)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(await alice.AsksAsync(app))).Token}");
        foreach (var (browser, address) in new[] { (app.NewBrowser(), "http://localhost/sign-in"), (alice, "http://localhost/account"), (pat, pat.Page.Address.AbsoluteUri) })
        {
            var status = (await browser.OpenAsync(Post(address, contentType, body))).Status;
            Assert.True(status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, $"{address}: {status}");
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded, text/plain")]
    [InlineData("text/plain, application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b, text/plain")]
    public async Task A_list_of_types_is_no_failure_of_ours_at_any_address(string contentTypes)
    {
        await using var app = new TestApp();
        foreach (var address in Routes.Of(app).Where(route => Routes.Allows(route, "POST")).Select(Routes.Address).Append("/r/made-up").Distinct())
        {
            var status = (await app.NewBrowser().OpenAsync(Post($"http://localhost{address}", contentTypes, "day=1"))).Status;
            Assert.True(status < HttpStatusCode.InternalServerError, $"{address}: {status}");
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "email=a")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nno end")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Dispo")]
    [InlineData("multipart/form-data; boundary=a; boundary=b", "email=a")]
    [InlineData("multipart/form-data", "email=a")]
    public async Task A_form_that_cannot_be_read_is_a_bad_request_at_every_address_for_everybody(string contentType, string body)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(await alice.AsksAsync(app))).Token}");
        var addresses = Routes.Of(app).Where(route => Routes.Allows(route, "POST")).Select(Routes.Address).Append(pat.Page.Address.AbsolutePath).Distinct().ToList();
        Assert.Contains("/sign-out", addresses);
        foreach (var browser in new[] { app.NewBrowser(), alice, pat })
            foreach (var address in addresses)
            {
                var answer = await browser.SendAsync(Post("http://localhost" + address, contentType, body));
                Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{address}: {answer.StatusCode}");
            }
    }

    [Fact]
    public async Task In_Production_behind_a_proxy_that_is_not_named_a_form_is_a_bad_request_and_no_failure()
    {
        await using var app = Production();

        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync(PublicUrl + "/sign-in")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.NewBrowser().GetAsync("/sign-in")).Status);
    }

    [Fact]
    public async Task Forms_of_words_are_small_and_connections_counted()
    {
        await using var app = new TestApp();
        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal((1024 * 1024, 3_500), (limits.MaxRequestBodySize, limits.MaxConcurrentConnections));
    }

    [Theory]
    [InlineData(60_000, HttpStatusCode.BadRequest)]
    [InlineData(70_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(250_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(900_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_stranger_sends_64_KB_and_Alice_and_Pat_a_megabyte(int bytes, HttpStatusCode toStranger)
    {
        await using var app = new TestApp();
        app.UsePort();
        app.StartServer();
        TestBrowser Browser() => new(new CookieContainer(), new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, app.Address);
        HttpRequestMessage Large(string path) => Post(new Uri(app.Address, path).AbsoluteUri, "application/x-www-form-urlencoded", "text=" + new string('x', bytes));
        var stranger = Browser();
        foreach (var path in new[] { "/sign-in", "/account", "/templates/new/preview", "/no/such/page", "/reply/abcdefgh/text" })
            Assert.Contains((await stranger.SendAsync(Large(path))).StatusCode, new[] { toStranger, toStranger == HttpStatusCode.BadRequest || path == "/no/such/page" ? HttpStatusCode.NotFound : toStranger });

        var alice = Browser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Contains(new string('x', bytes), (await alice.OpenAsync(Large("/account"))).Source, StringComparison.Ordinal);
        var pat = Browser();
        await pat.GetAsync($"/r/{(await app.ConversationAsync(await alice.AsksAsync(app))).Token}");
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, (await pat.SendAsync(Large(pat.Page.Address.AbsolutePath + "/text"))).StatusCode);
    }

    private static TestApp Production() => new()
    {
        Settings =
        {
            ["environment"] = "Production",
            ["PublicUrl"] = PublicUrl,
            ["Encryption:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Sms:Provider"] = "twilio",
            ["Twilio:AccountSid"] = "AC0123456789abcdef0123456789abcdef",
            ["Twilio:AuthToken"] = "secret",
            ["Twilio:From"] = "Riverside",
            ["Email:Provider"] = "smtp",
            ["Retention:Days"] = "keep",
            ["SignIn:RequireSecondFactor"] = "true",
            ["Email:Smtp:Host"] = "mail.example.nhs.uk",
            ["Email:Smtp:From"] = "no-reply@example.nhs.uk",
        },
    };

    private static HttpRequestMessage Post(string address, string contentType, string body)
    {
        var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return new(HttpMethod.Post, address) { Content = content };
    }
}
