using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <param name="Target">As it goes into the first line.</param>
/// <param name="IsWhole">The body is as long as the head says, and the head can be told from it: the server owes an answer.</param>
internal sealed record RawRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool IsWhole = true)
{
    /// <summary>Each character is a byte.</summary>
    public byte[] Bytes => [.. Encoding.Latin1.GetBytes($"{Method} {Target} HTTP/1.1\r\n{string.Concat(Headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n"), .. Body];

    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(Bytes);
        return text.Length > 1500 ? $"{text[..1000]} […] {text[^300..]} ({text.Length} bytes)" : text;
    }
}

/// <param name="Took">From the first byte sent to the last one received.</param>
internal sealed record RawAnswer(int Status, string Head, string Body, TimeSpan Took);

internal static class RawHttp
{
    /// <summary>One request on a connection of its own, from an address on loopback.</summary>
    /// <returns>Null where the server closed the connection without a word.</returns>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    public static async Task<RawAnswer?> SayAsync(IPAddress from, int port, RawRequest request, TimeSpan patience)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        using var limit = new CancellationTokenSource(patience);
        var clock = Stopwatch.StartNew();
        var sending = SendAsync(socket, request, limit.Token);
        var heard = new MemoryStream();
        try
        {
            var buffer = new byte[64 * 1024];
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var read)
                heard.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // It has said what it had to say, and does not want the rest.
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException("No answer.", e);
        }
        var took = clock.Elapsed;
        await sending;
        return Parse(Encoding.Latin1.GetString(heard.ToArray()), took);
    }

    private static async Task SendAsync(Socket socket, RawRequest request, CancellationToken cancellation)
    {
        try
        {
            var bytes = request.Bytes;
            for (var sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), cancellation);
            if (!request.IsWhole)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The answer came before that.
        }
    }

    private static RawAnswer? Parse(string heard, TimeSpan took)
    {
        while (heard.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal))
            heard = heard[(heard.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var end = heard.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? null : new(int.Parse(heard.AsSpan(9, 3), null), heard[..(end + 2)], heard[(end + 4)..], took);
    }
}
