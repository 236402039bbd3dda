using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>The way between a phone and the server: a relay that can be slow, and cut in the middle of a request, as
/// Chromium's own "offline" does not do.</summary>
internal sealed class PoorSignal : IAsyncDisposable
{
    private static readonly ConditionalWeakTable<IPage, ICDPSession> Sessions = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly Uri _server;
    private volatile bool _isLost;

    public PoorSignal(Uri server)
    {
        _server = server;
        _listener.Start();
        _ = RelayAsync();
    }

    public Uri Address => new($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <param name="speed">In bytes a second; -1 for as fast as it goes.</param>
    /// <param name="slowdown">How many times slower than this machine the phone is.</param>
    public static async Task SlowDownAsync(IPage page, int speed, int slowdown = 1)
    {
        // What one session asks for, no other can take back.
        if (!Sessions.TryGetValue(page, out var devTools))
            Sessions.Add(page, devTools = await page.Context.NewCDPSessionAsync(page));
        await devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = slowdown });
        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false,
            ["latency"] = speed > 0 ? 50 : 0,
            ["downloadThroughput"] = speed,
            ["uploadThroughput"] = speed,
        });
    }

    public async Task LoseAsync(IPage page)
    {
        await page.Context.SetOfflineAsync(true);
        _isLost = true;
        while (_open.TryTake(out var connection))
            Cut(connection);
    }

    public async Task FindAsync(IPage page)
    {
        _isLost = false;
        await page.Context.SetOfflineAsync(false);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        while (_open.TryTake(out var connection))
            connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task RelayAsync()
    {
        try
        {
            while (true)
            {
                var phone = await _listener.AcceptTcpClientAsync();
                _open.Add(phone);
                if (_isLost)
                    Cut(phone);
                else
                    _ = ConnectAsync(phone);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ConnectAsync(TcpClient phone)
    {
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server.Port);
            await Task.WhenAny(phone.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(phone.GetStream()));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        phone.Dispose();
    }

    /// <summary>At once and without a word, as a mast that is out of sight.</summary>
    private static void Cut(TcpClient connection)
    {
        if (connection.Client is not { } socket)
            return;
        socket.LingerState = new(enable: true, seconds: 0);
        connection.Dispose();
    }
}
