using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PatientResponse.Tests.Support;

/// <summary>Passes bytes on to the server, and counts how often the client speaks after the server has spoken.</summary>
public sealed class DatabaseWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly (string Host, int Port) _server;
    private volatile bool _serverSpoke = true;
    private int _roundTrips;

    public DatabaseWire(NpgsqlConnectionStringBuilder server)
    {
        _server = (server.Host!, server.Port);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ToString())
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            MaxPoolSize = 1,
            SslMode = SslMode.Disable,
        }.ToString();
        _ = AcceptAsync();
    }

    public string ConnectionString { get; }

    public int RoundTrips => Volatile.Read(ref _roundTrips);

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            var server = new TcpClient();
            await server.ConnectAsync(_server.Host, _server.Port);
            _ = PassAsync(client, server, () =>
            {
                if (!_serverSpoke)
                    return;
                _serverSpoke = false;
                Interlocked.Increment(ref _roundTrips);
            });
            _ = PassAsync(server, client, () => _serverSpoke = true);
        }
    }

    private static async Task PassAsync(TcpClient from, TcpClient to, Action notice)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
        {
            notice();
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
        to.Close();
    }
}
