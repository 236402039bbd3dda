using System.Net;
using System.Net.Sockets;
using PatientResponse.Infrastructure.Email;

namespace PatientResponse.Tests.Infrastructure.Email;

/// <summary>A relay without TLS that takes every login and mail, unless a test says otherwise. <see cref="Heard"/> is what it was told.
/// To QUIT it never answers.</summary>
internal sealed class RelayInClear : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RelayInClear()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Its own answer to a command that begins so.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    public List<string> Heard { get; } = [];

    public string Offers { get; init; } = "250-here\r\n250 AUTH PLAIN LOGIN";

    public int Commands(string name) => Heard.Count(line => line.StartsWith(name, StringComparison.Ordinal));

    public SmtpOptions Options(bool plain) => new()
    {
        Host = "localhost",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        From = "a@example.nhs.uk",
        User = "app",
        Password = "secret",
        Plain = plain,
    };

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 here");
        var reads = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            Heard.Add(line);
            reads = line == "DATA" || (reads && line != ".");
            if (line != "QUIT" && (!reads || line == "DATA"))
                await writer.WriteLineAsync(Answer(line));
        }
    }

    private string Answer(string line) =>
        Answers.FirstOrDefault(answer => line.StartsWith(answer.Key, StringComparison.Ordinal)).Value
        ?? (line.StartsWith("EHLO", StringComparison.Ordinal) ? Offers : line == "DATA" ? "354 go on" : line.StartsWith("AUTH", StringComparison.Ordinal) ? "235 welcome" : "250 fine");
}
