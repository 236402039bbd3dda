using System.Diagnostics;
using PatientResponse.Tests.Infrastructure.Sms.Notify;

[assembly: AssemblyFixture(typeof(NotifyCounterpart))]

namespace PatientResponse.Tests.Infrastructure.Sms.Notify;

/// <summary>The made-up Notify, and a proxy before it that knows Notify's own description of its API. Started when the first test asks for
/// it and shared by all.</summary>
public sealed class NotifyCounterpart : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private FakeNotify? _notify;
    private Process? _node;
    private string? _proxy;

    public async Task<FakeNotify> NotifyAsync()
    {
        await _one.WaitAsync();
        try
        {
            return _notify ??= await FakeNotify.StartAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Refuses requests (422) and answers (500) that Notify's description does not allow.</summary>
    public async Task<string> ProxyAsync()
    {
        var notify = await NotifyAsync();
        await _one.WaitAsync();
        try
        {
            if (_proxy is not null)
                return _proxy;
            var start = new ProcessStartInfo("node", ["tests/counterparts/prism.mjs", "tests/counterparts/notify/messages.json", notify.Address])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            _node = Process.Start(start)!;
            return _proxy = await _node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The proxy did not start.");
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            _node.StandardInput.Close();
            await _node.WaitForExitAsync();
            _node.Dispose();
        }
        if (_notify is not null)
            await _notify.DisposeAsync();
        _one.Dispose();
    }
}
