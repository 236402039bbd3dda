using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>One address cannot shut others out.</summary>
public sealed class FairSharesTests
{
    [Fact]
    public async Task Whoever_holds_many_idle_connections_shuts_out_neither_others_nor_the_question_for_our_health()
    {
        await using var app = new TestApp();
        app.UsePort();
        app.StartServer();
        var port = app.Address.Port;
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 700; i++)
            {
                var client = new TcpClient();
                idle.Add(client);
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, port);
                }
                catch (SocketException)
                {
                    // One too many: closed before it was whole.
                }
            }
            // The premise: this address has its whole share.
            Assert.False(await IsServedAsync(IPAddress.Loopback, port, "127.0.0.1"));
            Assert.True(await IsServedAsync(IPAddress.Loopback, port, "127.0.0.2"));
            idle.ForEach(client => client.Dispose());
            await ServedAgainAsync(port);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Requests_of_one_address_wait_for_each_other_and_never_for_those_of_another()
    {
        var hold = new TaskCompletionSource();
        var begun = 0;
        await using var app = new TestApp
        {
            Replace = services => services.AddSingleton<IStartupFilter>(new From(async context =>
            {
                if (context.Request.Query.ContainsKey("held"))
                {
                    Interlocked.Increment(ref begun);
                    await hold.Task;
                }
            })),
        };
        var held = Enumerable.Range(0, 250).Select(_ => app.NewBrowser().GetAsync("/about-messages?held=1", ("X-From", "192.0.2.1"))).ToList();
        while (Volatile.Read(ref begun) < 200)
            await Task.Delay(10);
        var same = app.NewBrowser().GetAsync("/about-messages", ("X-From", "192.0.2.1"));

        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync("/about-messages", ("X-From", "192.0.2.2"))).Status);
        Assert.Equal("ready", (await app.NewBrowser().GetAsync("/health/ready", ("X-From", "192.0.2.1"))).Source);
        Assert.Equal((200, false), (begun, same.IsCompleted));
        hold.SetResult();
        Assert.All(await Task.WhenAll(held), page => Assert.Equal(HttpStatusCode.OK, page.Status));
        Assert.Equal(HttpStatusCode.OK, (await same).Status);
    }

    [Fact]
    public async Task Hashes_of_one_address_are_done_one_after_the_other_and_another_address_waits_for_one_of_them_at_most()
    {
        using var turns = new HashTurns();
        var (order, gate) = (new List<string>(), new TaskCompletionSource());
        async Task<bool> HashAsync(string who)
        {
            lock (order)
                order.Add(who);
            await gate.Task;
            return true;
        }
        var attack = Enumerable.Range(0, 100).Select(i => turns.TakeAsync("192.0.2.1", () => HashAsync($"attacker {i}"), CancellationToken.None)).ToList();
        var honest = turns.TakeAsync("192.0.2.2", () => HashAsync("honest"), CancellationToken.None);
        gate.SetResult();
        await Task.WhenAll([.. attack, honest]);

        Assert.InRange(order.IndexOf("honest"), 0, 2);
        Assert.Equal(101, order.Count);
    }

    private static async Task<bool> IsServedAsync(IPAddress server, int port, string from)
    {
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        try
        {
            await client.ConnectAsync(server, port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.0\r\n\r\n"));
            using var reader = new StreamReader(stream);
            return (await reader.ReadToEndAsync()).EndsWith("live", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }

    private static async Task ServedAgainAsync(int port)
    {
        for (var tries = 0; !await IsServedAsync(IPAddress.Loopback, port, "127.0.0.1"); tries++)
        {
            Assert.True(tries < 100, "What was given back is not free.");
            await Task.Delay(50);
        }
    }

    /// <summary>Says whom a request is from, and holds it where a page would be made.</summary>
    private sealed class From(Func<Microsoft.AspNetCore.Http.HttpContext, Task> during) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (IPAddress.TryParse(context.Request.Headers["X-From"], out var from))
                    context.Connection.RemoteIpAddress = from;
                context.Response.OnStarting(() => during(context));
                return go(context);
            });
            next(app);
        };
    }
}
