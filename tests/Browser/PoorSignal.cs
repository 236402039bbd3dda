using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>The way between a phone and the server: a relay that stands still or is cut in the middle of a request, as
/// Chromium's own throttling, which some requests escape, and its "offline" do not do.</summary>
internal sealed class PoorSignal : IAsyncDisposable
{
    /// <summary>Of a TCP socket of Linux: the largest segment.</summary>
    private const int MaxSegment = 2;

    /// <summary>In bytes.</summary>
    private const int Step = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly Uri _server;
    private volatile bool _isLost;
    private volatile Still? _still;

    public PoorSignal(Uri server)
    {
        _server = server;
        // As on a real network: otherwise a megabyte is "sent" when it has only left the browser.
        _listener.Server.SetRawSocketOption((int)SocketOptionLevel.Tcp, MaxSegment, BitConverter.GetBytes(1400));
        _listener.Server.ReceiveBufferSize = Step;
        _listener.Start();
        _ = RelayAsync();
    }

    public Uri Address => new($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>From now on each connection stands still when the phone has sent so many bytes in all on it.</summary>
    public void StandStillAfter(int bytes) => _still = new(bytes);

    public void MoveOn() => Interlocked.Exchange(ref _still, null)?.Over.TrySetResult();

    /// <param name="times">How many times slower than this machine the phone is.</param>
    public static async Task SlowDownAsync(IPage page, int times)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = times });
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
        MoveOn();
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
            await Task.WhenAny(UpAsync(phone.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(phone.GetStream()));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        phone.Dispose();
    }

    private async Task UpAsync(NetworkStream phone, NetworkStream server)
    {
        var step = new byte[Step];
        var sent = 0;
        for (int read; (read = await phone.ReadAsync(step)) > 0; sent += read)
        {
            if (_still is { } still && sent >= still.After)
                await still.Over.Task;
            await server.WriteAsync(step.AsMemory(0, read));
        }
    }

    /// <summary>At once and without a word, as a mast that is out of sight.</summary>
    private static void Cut(TcpClient connection)
    {
        if (connection.Client is not { } socket)
            return;
        socket.LingerState = new(enable: true, seconds: 0);
        connection.Dispose();
    }

    private sealed record Still(int After)
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
