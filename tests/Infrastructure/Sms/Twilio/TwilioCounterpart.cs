using System.Diagnostics;
using System.Text.Json;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;

[assembly: AssemblyFixture(typeof(TwilioCounterpart))]

namespace PatientResponse.Tests.Infrastructure.Sms.Twilio;

/// <summary>The made-up Twilio, a proxy before it that knows Twilio's own description of its API, and Twilio's own library for
/// signatures. Started when the first test asks for it and shared by all.</summary>
public sealed class TwilioCounterpart : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private FakeTwilio? _carrier;
    private Process? _node;
    private string _proxy = "";

    public async Task<FakeTwilio> CarrierAsync()
    {
        await StartAsync();
        return _carrier!;
    }

    /// <summary>Refuses requests (422) and answers (500) that Twilio's description does not allow.</summary>
    public async Task<string> ProxyAsync()
    {
        await StartAsync();
        return _proxy;
    }

    /// <summary>The signature that Twilio's library makes.</summary>
    public Task<string> SignAsync(string token, string url, IReadOnlyDictionary<string, string> fields) => AskAsync(new { token, url, fields });

    /// <summary>The same for one field that comes with several values.</summary>
    public Task<string> SignAsync(string token, string url, string field, string[] values) =>
        AskAsync(new { token, url, fields = new Dictionary<string, string[]> { [field] = values } });

    /// <summary>Whether Twilio's library takes this signature.</summary>
    public async Task<bool> ValidatesAsync(string token, string url, IReadOnlyDictionary<string, string> fields, string signature) =>
        await AskAsync(new { token, url, fields, signature }) == "true";

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            _node.StandardInput.Close();
            await _node.WaitForExitAsync();
            _node.Dispose();
        }
        if (_carrier is not null)
            await _carrier.DisposeAsync();
        _one.Dispose();
    }

    private async Task<string> AskAsync(object question)
    {
        await StartAsync();
        await _one.WaitAsync();
        try
        {
            await _node!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(question));
            return (await _node.StandardOutput.ReadLineAsync())!;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task StartAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_node is not null)
                return;
            _carrier = await FakeTwilio.StartAsync();
            var start = new ProcessStartInfo("node") { WorkingDirectory = Repository.Root, RedirectStandardInput = true, RedirectStandardOutput = true };
            start.ArgumentList.Add("tests/counterparts/twilio/counterpart.mjs");
            start.ArgumentList.Add(_carrier.Address);
            var node = Process.Start(start)!;
            _proxy = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The proxy did not start.");
            _node = node;
        }
        finally
        {
            _one.Release();
        }
    }
}
