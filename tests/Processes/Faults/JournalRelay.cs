using System.Net;
using System.Net.Sockets;
using System.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>A mail relay (RFC 5321) that keeps what it took, the moment before it says so.</summary>
internal sealed class JournalRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<ReceivedMail> _taken = [];

    public JournalRelay()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<ReceivedMail> Taken
    {
        get
        {
            lock (_taken)
                return [.. _taken];
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8);
                async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
                await SayAsync("220 relay");
                while (await reader.ReadLineAsync() is { } line)
                {
                    var command = line.Split(' ')[0].ToUpperInvariant();
                    if (command == "DATA")
                    {
                        await SayAsync("354 go on");
                        if (await MailAsync(reader) is not { } mail)
                            return;
                        lock (_taken)
                            _taken.Add(new(mail));
                    }
                    await SayAsync(command switch { "QUIT" => "221 bye", "EHLO" or "HELO" => "250 relay", _ => "250 ok" });
                }
            }
            catch (IOException)
            {
                // The process is gone, or the wire was cut.
            }
        }
    }

    /// <summary>Null where its end never came.</summary>
    private static async Task<string?> MailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == ".")
                return mail.ToString();
            mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
        return null;
    }
}
