using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientResponse.Tests.Infrastructure.Sms.Twilio;

/// <summary>A made-up Twilio on loopback with an account for each test. It keeps the rules that Twilio's description of its API does
/// not state.</summary>
public sealed class FakeTwilio : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FakeAccount> _accounts = new();
    private readonly WebApplication _server;

    private FakeTwilio(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public static async Task<FakeTwilio> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var twilio = new FakeTwilio(server);
        server.Run(twilio.AnswerAsync);
        await server.StartAsync();
        return twilio;
    }

    public FakeAccount NewAccount()
    {
        var account = new FakeAccount();
        _accounts[account.Sid] = account;
        return account;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero); // Some requests hang on purpose.
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.Split('/') is not ["", "2010-04-01", "Accounts", var sid, "Messages.json"] || !_accounts.TryGetValue(sid, out var account))
            return FakeAccount.RefuseAsync(context, 404, 20404);
        var password = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Sid}:{account.Token}"));
        if (context.Request.Headers.Authorization != $"Basic {password}")
            return FakeAccount.RefuseAsync(context, 401, 20003);
        return HttpMethods.IsPost(context.Request.Method) ? account.SendAsync(context) : account.ListAsync(context);
    }
}
