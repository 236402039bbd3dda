using System.Net;

namespace PatientResponse.Tests.Processes;

/// <summary>A body of which only the first part arrives; the rest is on its way for ever.</summary>
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
        await stream.FlushAsync();
        await Task.Delay(Timeout.Infinite);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _whole.Length;
        return true;
    }
}
