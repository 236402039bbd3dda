using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

public sealed class HeadTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_monitor_that_asks_for_the_head_gets_what_GET_would_answer_and_changes_nothing()
    {
        _app.Settings["Languages:Offered"] = "en,cy";
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(id, "It is better.", ("knee.pdf", SampleFiles.Pdf()));
        var open = await alice.AsksAsync(_app);
        var pat = await _app.PatOpensAsync($"/r/{(await _app.ConversationAsync(open)).Token}");
        var reference = (await _app.ConversationAsync(open)).Sent.Ref;
        string[] pages =
        [
            $"/conversations/{id:N}", $"/conversations/{id:N}/print", $"/conversations/{id:N}/download", $"/conversations/{id:N}/files/1", $"/conversations/{id:N}/files/1?view",
            $"/conversations/{id:N}/files/2", $"/conversations/{open:N}", $"/conversations/{open:N}/delivery", "/patients?q=test", "/patients?q=123", "/patients/test/message",
            $"/reply/{reference}", $"/reply/{reference}/sent", $"/r/{(await _app.ConversationAsync(open)).Token}", "/?language=cy", "/sign-in?returnUrl=%2Fpatients", "/account/second-factor",
            "/account/confirm", "/no-such-page", "/conversations/no-such", "/sign-out", "/favicon.svg", "/lib/patient.css", "/lib/no-such.css", "/health/live", "/health/ready", "/set-password?user=1&token=2", "/patients?q=%00",
        ];
        var routes = Routes.Of(_app).Where(route => Routes.Allows(route, "GET")).Select(Routes.Address).Distinct().ToList();
        Assert.Contains("/templates/new", routes);
        Assert.Contains("/dev/phone", routes);

        TestBrowser[] browsers = [_app.NewBrowser(), alice, pat];
        foreach (var address in pages.Concat(routes))
            foreach (var browser in browsers)
            {
                _app.Time.Advance(TimeSpan.FromSeconds(31)); // An activity that would be noted.
                var before = await _app.StoredAsync();
                var head = await AnswerAsync(browser, HttpMethod.Head, address);
                Assert.True(before == await _app.StoredAsync(), $"HEAD {address} changed something");
                Assert.True(head.Body.Length == 0 && !head.Headers.Contains("Set-Cookie"), $"HEAD {address} answers more than a head");
                var get = await AnswerAsync(browser, HttpMethod.Get, address);
                Assert.True(get.Head == head.Head, $"{address}:\nGET  {get.Head}\nHEAD {head.Head}");
            }
    }

    [Fact]
    public async Task Looking_at_the_head_of_a_reply_is_no_view_of_it()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(id, "It is better.");
        await alice.SendAsync(new(HttpMethod.Head, $"http://localhost/conversations/{id:N}"));
        Assert.True((await _app.ConversationAsync(id)).IsUnseen);
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.False((await _app.ConversationAsync(id)).IsUnseen);
    }

    [Fact]
    public async Task The_head_of_a_download_is_checked_like_the_download_and_not_read_once_more()
    {
        var opened = 0;
        _app.Replace = services =>
        {
            var store = services.Last(service => service.ServiceType == typeof(IFileStore)).ImplementationFactory!;
            services.Replace(ServiceDescriptor.Singleton<IFileStore>(provider => new CountingStore((IFileStore)store(provider), () => opened++)));
        };
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(id, "It is better.", ("knee.pdf", SampleFiles.Pdf()));
        opened = 0;
        var zip = await alice.SendAsync(new(HttpMethod.Head, $"http://localhost/conversations/{id:N}/download"));
        Assert.Equal(1, opened);
        Assert.Equal("application/zip", zip.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", zip.Content.Headers.ContentDisposition!.DispositionType);
        var whole = await alice.SendAsync(new(HttpMethod.Get, $"http://localhost/conversations/{id:N}/download"));
        await whole.Content.LoadIntoBufferAsync(); // The answer is there with its first byte.
        Assert.Equal(3, opened);
    }

    [Fact]
    public async Task Idle_staff_are_signed_out_although_a_monitor_asks_for_heads_with_their_cookie()
    {
        var alice = await _app.AliceSignsInAsync();
        for (var minutes = 0; minutes < 30; minutes += 10)
        {
            Assert.Equal(HttpStatusCode.OK, (await alice.SendAsync(new(HttpMethod.Head, "http://localhost/conversations"))).StatusCode);
            _app.Time.Advance(TimeSpan.FromMinutes(10));
        }
        Assert.Equal("/sign-in", (await alice.GetAsync("/conversations")).Address.AbsolutePath);
    }

    [Theory]
    [InlineData("POST", "/about-messages", "GET, HEAD")]
    [InlineData("DELETE", "/about-messages/", "GET, HEAD")]
    [InlineData("PUT", "/", "GET, HEAD, POST")]
    [InlineData("PATCH", "/r/0123456789abcdefghjkmnpqrs", "GET, HEAD, POST")]
    [InlineData("POST", "/reply/abcdefgh/sent", "GET, HEAD")]
    [InlineData("OPTIONS", "/sign-in", "GET, HEAD, POST")]
    [InlineData("POST", "/health/live", "GET, HEAD")]
    [InlineData("POST", "/favicon.svg", "GET, HEAD")]
    [InlineData("DELETE", "/conversations/0123456789abcdef0123456789abcdef/print", "GET, HEAD")]
    [InlineData("PUT", "/conversations/0123456789abcdef0123456789abcdef/cancel", "POST")]
    public async Task A_method_that_an_address_does_not_take_is_refused_with_a_page_that_names_those_it_takes(string method, string address, string allowed)
    {
        var alice = await _app.AliceSignsInAsync();
        var before = await _app.StoredAsync();
        var page = await TestPage.ReadAsync(await alice.SendAsync(new(new HttpMethod(method), "http://localhost" + address)), new("http://localhost" + address));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, page.Status);
        Assert.Equal(allowed, string.Join(", ", page.Response.Content.Headers.Allow));
        Assert.Equal("Sorry, something went wrong", page.Heading);
        Assert.Equal("nosniff", page.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("default-src 'none'", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(before, await _app.StoredAsync());
    }

    [Fact]
    public async Task An_address_that_nobody_knows_is_not_found_whatever_the_method()
    {
        foreach (var method in new[] { "GET", "HEAD", "POST", "PUT" })
            Assert.Equal(HttpStatusCode.NotFound, (await _app.NewBrowser().SendAsync(new(new HttpMethod(method), "http://localhost/no-such-page"))).StatusCode);
    }

    private sealed class CountingStore(IFileStore inner, Action opened) : IFileStore
    {
        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default) => inner.WriteAsync(name, content, cancellation);

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default)
        {
            opened();
            return inner.OpenReadAsync(name, cancellation);
        }

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => inner.DeleteAsync(name, cancellation);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
    }

    private static async Task<(string Head, byte[] Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> AnswerAsync(TestBrowser browser, HttpMethod method, string address)
    {
        var answer = await browser.SendAsync(new(method, "http://localhost" + address));
        var body = await answer.Content.ReadAsByteArrayAsync();
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Set-Cookie").OrderBy(header => header.Key)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return ($"{(int)answer.StatusCode} {string.Join("; ", headers)}", body, answer.Headers);
    }
}
