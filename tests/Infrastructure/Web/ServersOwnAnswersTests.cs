using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>Requests that no browser sends, answered by the server before our code or by us: each answer has the security headers.</summary>
public sealed class ServersOwnAnswersTests
{
    private const string Good = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static readonly string[] Headers =
    [
        "Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
        "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin", "Permissions-Policy: camera=()", "Cache-Control: no-store",
    ];

    [Fact]
    public async Task Whatever_cannot_be_read_is_refused_with_the_security_headers()
    {
        var logs = new LogCapture();
        await using var app = Served(logs);
        foreach (var (request, status) in new[]
        {
            ("nonsense\r\n\r\n", 400),
            ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505),
            ($"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n", 414),
            ($"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}\r\n\r\n", 431),
            ($"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"X{i}: 1\r\n"))}\r\n", 431),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: [\r\n\r\n", 400),
            ("GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nHost: x\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
            ("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
            ("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000000000\r\n\r\n", 413),
            ("PUT /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
            ("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 405),
            ("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            ("GET /lib/nowhere.css HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        })
        {
            await IsRefusedAsync(app, request, status);
            await IsRefusedAsync(app, request, status, first: Good);
        }
        Assert.Empty(logs.Errors);
    }

    [Theory]
    [InlineData("xn--a")]
    [InlineData("xn--")]
    [InlineData("a..b")]
    [InlineData("a:99999")]
    [InlineData("a:0")]
    [InlineData("999.1.1.1.1:x")]
    [InlineData("%41")]
    [InlineData("a'b")]
    [InlineData("a;b=c")]
    [InlineData("[::zz]")]
    [InlineData("$%&")]
    public async Task A_host_that_is_none_is_a_bad_request_and_no_failure_of_ours(string host)
    {
        var logs = new LogCapture();
        await using var app = Served(logs);
        foreach (var path in new[] { "/", "/sign-in", "/conversations", "/health/ready", "/lib/nowhere.css" })
            await IsRefusedAsync(app, $"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n", 400);
        Assert.Empty(logs.Errors);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("reply.example.nhs.uk:8443")]
    [InlineData("patient_response:8080")]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]:5000")]
    [InlineData("[::1]")]
    [InlineData("xn--mnchen-3ya.example")]
    public async Task A_host_that_is_one_is_served(string host)
    {
        await using var app = Served(new());
        Assert.StartsWith("HTTP/1.1 200 ", await SayAsync(app, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTP_1_0_needs_no_host()
    {
        await using var app = Served(new());
        Assert.StartsWith("HTTP/1.1 200 ", await SayAsync(app, "GET /health/live HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_never_ends_is_given_up_with_the_security_headers()
    {
        await using var app = Served(new(), services => services.Configure<KestrelServerOptions>(options => options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1)));
        await IsRefusedAsync(app, "GET / HTTP/1.1\r\nHost: x\r\n", 408);
    }

    [Fact]
    public async Task A_page_that_fails_has_the_security_headers()
    {
        var outage = new Outage();
        await using var app = Served(new(), outage.Use);
        app.StartServer();
        outage.FailsFrom(1);
        await IsRefusedAsync(app, "GET /r/00000000000000000000000000 HTTP/1.1\r\nHost: localhost\r\n\r\n", 503);
    }

    private static TestApp Served(LogCapture logs, Action<IServiceCollection>? replace = null)
    {
        var app = new TestApp
        {
            Replace = services =>
            {
                services.AddSingleton<ILoggerProvider>(logs);
                replace?.Invoke(services);
            },
        };
        app.UsePort();
        return app;
    }

    private static async Task IsRefusedAsync(TestApp app, string request, int status, string first = "")
    {
        var answer = await SayAsync(app, request, first);
        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{request[..Math.Min(80, request.Length)]}\n{answer}");
        var head = answer[..(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2)];
        foreach (var header in Headers)
            Assert.True(head.Contains("\r\n" + header, StringComparison.OrdinalIgnoreCase), $"{request[..Math.Min(80, request.Length)]}\n{header} is missing:\n{head}");
    }

    /// <param name="first">A good request on the same connection, answered before.</param>
    /// <returns>The answer, up to the end of its head at least.</returns>
    private static async Task<string> SayAsync(TestApp app, string request, string first = "")
    {
        app.StartServer();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", app.Address.Port);
        var stream = client.GetStream();
        if (first.Length > 0)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(first));
            Assert.StartsWith("HTTP/1.1 200 ", await HearAsync(stream, until: "live"), StringComparison.Ordinal);
        }
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        try
        {
            return await HearAsync(stream, until: "\r\n\r\n");
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"No answer to {request[..Math.Min(80, request.Length)]}", e);
        }
    }

    private static async Task<string> HearAsync(NetworkStream stream, string until)
    {
        var (heard, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!heard.ToString().Contains(until, StringComparison.Ordinal) && await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
            heard.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return heard.ToString();
    }
}
