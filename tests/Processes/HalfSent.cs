using System.Net;

namespace PatientResponse.Tests.Processes;

/// <summary>A body of which the first half arrives at once; the rest trickles, until the server is gone.</summary>
public sealed class HalfSent : HttpContent
{
    private readonly byte[] _whole;
    private readonly int _sent;

    public HalfSent(HttpContent content)
    {
        _whole = content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        _sent = _whole.Length / 2;
        Headers.ContentType = content.Headers.ContentType;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_whole.AsMemory(0, _sent));
        for (var at = _sent; at < _whole.Length; at++)
        {
            await stream.FlushAsync();
            await Task.Delay(100);
            await stream.WriteAsync(_whole.AsMemory(at, 1));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _whole.Length;
        return true;
    }
}
