using System.Net;

namespace PatientResponse.Tests.Processes;

/// <summary>A body of which the first half arrives at once; the rest trickles, until the server is gone or <see cref="Rest"/> is let go.</summary>
public sealed class HalfSent : HttpContent
{
    /// <summary>Once this is completed, the rest is sent at once.</summary>
    public TaskCompletionSource Rest { get; } = new();

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
            await Task.WhenAny(Task.Delay(100), Rest.Task);
            if (Rest.Task.IsCompleted)
            {
                await stream.WriteAsync(_whole.AsMemory(at));
                return;
            }
            await stream.WriteAsync(_whole.AsMemory(at, 1));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _whole.Length;
        return true;
    }
}
