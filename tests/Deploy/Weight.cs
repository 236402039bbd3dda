using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Parser;

namespace PatientResponse.Tests.Deploy;

/// <summary>A page and all that a browser fetches for it, in bytes at the socket: headers and all, as an ordinary browser asks.</summary>
internal sealed record Weight(IReadOnlyDictionary<string, int> Bytes)
{
    public int Total => Bytes.Values.Sum();

    public override string ToString() => string.Join(", ", Bytes.Select(part => $"{part.Key}: {part.Value}")) + $", together {Total}";

    public static async Task<Weight> OfAsync(Uri page, string cookies = "")
    {
        var (size, html) = await FetchAsync(page, cookies);
        var bytes = new Dictionary<string, int> { ["document"] = size };
        foreach (var part in new HtmlParser().ParseDocument(html).QuerySelectorAll("link[href], script[src], img[src], iframe, video, object"))
        {
            var address = new Uri(page, part.GetAttribute("href") ?? part.GetAttribute("src") ?? throw new InvalidOperationException($"Not known here: {part.OuterHtml}"));
            Assert.Equal(page.Authority, address.Authority);
            bytes[address.AbsolutePath] = (await FetchAsync(address, cookies)).Size;
        }
        return new(bytes);
    }

    private static async Task<(int Size, string Content)> FetchAsync(Uri address, string cookies)
    {
        using var client = new TcpClient(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nConnection: close\r\n{(cookies.Length == 0 ? "" : $"Cookie: {cookies}\r\n")}\r\n"));
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        var answer = received.ToArray();
        var head = Encoding.ASCII.GetString(answer, 0, answer.AsSpan().IndexOf("\r\n\r\n"u8));
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        return (answer.Length, head.Contains("Content-Encoding: br", StringComparison.OrdinalIgnoreCase) ? Unpack(answer.AsSpan(head.Length + 4), head) : Encoding.UTF8.GetString(answer, head.Length, answer.Length - head.Length));
    }

    private static string Unpack(ReadOnlySpan<byte> body, string head)
    {
        using var brotli = new BrotliStream(new MemoryStream(head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? Joined(body) : body.ToArray()), CompressionMode.Decompress);
        using var text = new StreamReader(brotli);
        return text.ReadToEnd();
    }

    /// <summary>The chunks of a body without their sizes (RFC 9112, section 7.1).</summary>
    private static byte[] Joined(ReadOnlySpan<byte> body)
    {
        using var joined = new MemoryStream();
        while (true)
        {
            var line = body.IndexOf("\r\n"u8);
            var size = Convert.ToInt32(Encoding.ASCII.GetString(body[..line]), 16);
            if (size == 0)
                return joined.ToArray();
            joined.Write(body.Slice(line + 2, size));
            body = body[(line + 2 + size + 2)..];
        }
    }
}
