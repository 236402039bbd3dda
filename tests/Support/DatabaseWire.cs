using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PatientResponse.Tests.Support;

/// <summary>Passes bytes on to the server, and counts how often the client had to wait for it.</summary>
public sealed class DatabaseWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly (string Host, int Port) _server;
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
            GssEncryptionMode = GssEncryptionMode.Disable,
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
            var turns = new Turns();
            _ = PassAsync(client, server, bytes =>
            {
                if (turns.ClientSpeaks(bytes))
                    Interlocked.Increment(ref _roundTrips);
            });
            _ = PassAsync(server, client, turns.ServerSpeaks);
        }
    }

    private static async Task PassAsync(TcpClient from, TcpClient to, Action<ReadOnlySpan<byte>> notice)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
        {
            notice(buffer.AsSpan(0, read));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
        to.Close();
    }

    /// <summary>Whose turn it is. The server answers each Sync and each simple Query with a ReadyForQuery, perhaps while the client
    /// is still sending: the turn is over when all are answered and nothing of the client's is left.</summary>
    private sealed class Turns
    {
        private readonly Lock _gate = new();
        private readonly Messages _ofClient = new(beginsUntyped: true);
        private readonly Messages _ofServer = new(beginsUntyped: false);

        // The opening of the connection is answered by one as well.
        private int _unanswered = 1;
        private bool _isClients = true;

        /// <returns>Whether this begins a round trip.</returns>
        public bool ClientSpeaks(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                _unanswered += _ofClient.Count(bytes, "QS");
                var begins = _isClients;
                _isClients = false;
                return begins;
            }
        }

        public void ServerSpeaks(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                _unanswered -= _ofServer.Count(bytes, "Z");
                _isClients = _unanswered == 0 && _ofClient.EndsWithCounted;
            }
        }
    }

    /// <summary>Messages of PostgreSQL's protocol 3 (its chapter "Message Formats"): a letter, the length of the rest, the rest. The first of
    /// a connection has no letter.</summary>
    private sealed class Messages(bool beginsUntyped)
    {
        private readonly byte[] _head = new byte[5];
        private int _headBytes = beginsUntyped ? 1 : 0;
        private int _left;

        /// <summary>Nothing came after the last message that was counted.</summary>
        public bool EndsWithCounted { get; private set; } = true;

        public int Count(ReadOnlySpan<byte> bytes, string kinds)
        {
            var count = 0;
            while (bytes.Length > 0)
            {
                EndsWithCounted = false;
                if (_left == 0 && _headBytes < _head.Length)
                {
                    _head[_headBytes++] = bytes[0];
                    bytes = bytes[1..];
                    if (_headBytes < _head.Length)
                        continue;
                    _left = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(1)) - 4;
                }
                var taken = Math.Min(_left, bytes.Length);
                bytes = bytes[taken..];
                _left -= taken;
                if (_left > 0)
                    continue;
                // The opening message counts as well: its answer is waited for.
                if (_head[0] == 0 || kinds.Contains((char)_head[0], StringComparison.Ordinal))
                    EndsWithCounted = true;
                if (kinds.Contains((char)_head[0], StringComparison.Ordinal))
                    count++;
                Array.Clear(_head);
                _headBytes = 0;
            }
            return count;
        }
    }
}
