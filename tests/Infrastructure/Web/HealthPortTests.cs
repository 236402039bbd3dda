using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>Whoever watches the process asks at a port that no flood of the public one reaches.</summary>
public sealed class HealthPortTests : IAsyncLifetime
{
    private readonly int _port = FreePort();
    private readonly TestApp _app;

    public HealthPortTests() => _app = new() { Settings = { ["Health:Port"] = _port.ToString(CultureInfo.InvariantCulture) } };

    public ValueTask InitializeAsync()
    {
        _app.UsePort();
        _app.StartServer();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Connections_from_many_addresses_that_shut_out_everybody_do_not_shut_out_the_question_for_our_health()
    {
        var idle = new List<TcpClient>();
        try
        {
            // All places that there are for many: 500 for each of six addresses.
            for (var address = 1; address <= 6; address++)
                await HoldAsync(idle, $"127.0.1.{address}", 500);
            // And those that are kept for whoever holds few.
            for (var address = 1; address <= 130; address++)
                await HoldAsync(idle, $"127.0.2.{address}", 4);

            // The premise: nobody gets in any more, whoever they are.
            Assert.Equal("", await SayAsync(_app.Address.Port, "GET /health/live HTTP/1.0\r\n\r\n", "127.0.3.1"));
            Assert.EndsWith("\r\n\r\nlive", await SayAsync(_port, "GET /health/live HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\nready", await SayAsync(_port, "GET /health/ready HTTP/1.1\r\nHost: any\r\n\r\n"), StringComparison.Ordinal);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: any\r\n\r\n", 200)]
    [InlineData("HEAD /health/ready HTTP/1.1\r\nHost: any\r\n\r\n", 200)]
    [InlineData("GET / HTTP/1.1\r\nHost: any\r\n\r\n", 404)]
    [InlineData("GET /sign-in HTTP/1.1\r\nHost: any\r\n\r\n", 404)]
    [InlineData("GET /health/live/more HTTP/1.1\r\nHost: any\r\n\r\n", 404)]
    [InlineData("POST /health/live HTTP/1.1\r\nHost: any\r\nContent-Length: 1\r\n\r\nx", 405)]
    [InlineData("nonsense\r\n\r\n", 400)]
    public async Task It_tells_our_health_and_shows_no_page_and_every_answer_has_the_security_headers(string said, int status)
    {
        var answer = await SayAsync(_port, said);

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), answer, StringComparison.Ordinal);
        Assert.Contains("Content-Security-Policy: default-src 'none';", answer, StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Cache-Control: no-store\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_such_port()
    {
        // The premise: with it there is.
        Assert.NotEqual("", await SayAsync(_port, "GET /health/live HTTP/1.0\r\n\r\n"));
        await _app.DisposeAsync();
        await using var without = new TestApp { Settings = { ["Health:Port"] = "" } };
        without.UsePort();
        without.StartServer();

        Assert.Equal("", await SayAsync(_port, "GET /health/live HTTP/1.0\r\n\r\n"));
        Assert.EndsWith("live", await SayAsync(without.Address.Port, "GET /health/live HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    private async Task HoldAsync(List<TcpClient> idle, string from, int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
            idle.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, _app.Address.Port);
        }
    }

    /// <summary>Nothing where nobody answers.</summary>
    private static async Task<string> SayAsync(int port, string text, string from = "127.0.0.1")
    {
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "";
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
