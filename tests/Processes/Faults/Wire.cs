using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>The only way from one process to one of those that it talks to.</summary>
/// <param name="port">Of the counterpart, on loopback.</param>
/// <param name="spotter">One for each connection.</param>
/// <param name="reached">Told of each point before the bytes pass on; false cuts the connection instead.</param>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private readonly (int Port, Func<Spotter> Spotter, Func<Point, Task<bool>> Reached) _way;
    private TaskCompletionSource _flows = new();
    private volatile bool _isCut;

    public Wire(int port, Func<Spotter> spotter, Func<Point, Task<bool>> reached)
    {
        _way = (port, spotter, reached);
        _flows.SetResult();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Whoever tries to say something is cut off.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var socket in _open.Keys)
            Reset(socket);
    }

    /// <summary>Connections are taken, and nothing comes through.</summary>
    public void Hang() => _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend()
    {
        _isCut = false;
        _flows.TrySetResult();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket process)
    {
        using var counterpart = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var taken = process;
        taken.NoDelay = true;
        (_open[taken], _open[counterpart]) = (true, true);
        try
        {
            if (_isCut)
                Reset(taken);
            else
                await counterpart.ConnectAsync(IPAddress.Loopback, _way.Port);
            var spotter = _way.Spotter();
            await Task.WhenAll(PassAsync(taken, counterpart, spotter, isFromProcess: true), PassAsync(counterpart, taken, spotter, isFromProcess: false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The counterpart is away.
            Reset(taken);
        }
        finally
        {
            _open.TryRemove(taken, out _);
            _open.TryRemove(counterpart, out _);
        }
    }

    private async Task PassAsync(Socket from, Socket to, Spotter spotter, bool isFromProcess)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                await _flows.Task;
                Point? point;
                lock (spotter)
                    point = spotter(buffer.AsSpan(0, read), isFromProcess);
                if (_isCut || (point is { } reached && !await _way.Reached(reached)))
                {
                    Reset(from);
                    Reset(to);
                    return;
                }
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One of them is gone: so is the other.
            Reset(from);
            Reset(to);
        }
    }

    /// <summary>The other side is told that something broke, and not that all was said.</summary>
    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }
}
