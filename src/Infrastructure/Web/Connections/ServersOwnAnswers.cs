using System.IO.Pipelines;
using System.Text;
using PatientResponse.Infrastructure.Web.Requests;

namespace PatientResponse.Infrastructure.Web.Connections;

/// <summary>What the server writes to one connection, with the security headers in the answers that it gives by itself: to a request
/// that it cannot read, whose address or headers are too long, or that never comes to its end. None of them reaches our code. They
/// are known by being an error without a body and without our headers. Over TLS of its own the server's answers pass by unseen.</summary>
internal sealed class ServersOwnAnswers(PipeWriter inner) : PipeWriter
{
    /// <summary>In bytes. The server then has room for such an answer in one piece, and we for the headers.</summary>
    private const int Room = 2 * 1024;

    private static readonly byte[] Headers = Encoding.ASCII.GetBytes(string.Concat(SecurityHeaders.Always.Select(header => $"{header.Name}: {header.Value}\r\n")) + "\r\n");

    private Memory<byte> _memory;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(Math.Max(sizeHint, Room));

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        var (memory, added) = (_memory, 0);
        _memory = default;
        if (bytes + Headers.Length <= memory.Length && IsOwnAnswer(memory.Span[..bytes]))
        {
            // In place of the empty line at its end.
            Headers.CopyTo(memory.Span[(bytes - 2)..]);
            added = Headers.Length - 2;
        }
        inner.Advance(bytes + added);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>The head of an answer, whole, and nothing else.</summary>
    internal static bool IsOwnAnswer(ReadOnlySpan<byte> written) =>
        (written.StartsWith("HTTP/1.1 4"u8) || written.StartsWith("HTTP/1.1 5"u8))
        && written.IndexOf("\r\n\r\n"u8) == written.Length - 4
        && written.IndexOf("\r\nContent-Length: 0\r\n"u8) > 0
        && written.IndexOf("\r\nX-Content-Type-Options:"u8) < 0;
}

internal sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
