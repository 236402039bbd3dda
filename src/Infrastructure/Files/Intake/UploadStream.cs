using System.Buffers;
using System.Security.Cryptography;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Sealing;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>
/// One file as it arrives: counted, hashed, and ended early where it goes over <see cref="FileRules.MaxBytes"/>. Knows
/// whether a failure was the sender's, so that nobody blames the store for it. Leaves the content open.
/// </summary>
internal sealed class UploadStream(Stream content) : ReadOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] head = new byte[FileKinds.HeadBytes];
    private int headBytes;
    private int headGiven;

    /// <summary>Bytes given out so far.</summary>
    public long Count { get; private set; }

    public bool IsTooLarge { get; private set; }

    public bool HasFailed { get; private set; }

    /// <summary>The first bytes, which are given out again when the stream is read.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadHeadAsync(CancellationToken cancellation)
    {
        for (int read; headBytes < head.Length && (read = await ReceiveAsync(head.AsMemory(headBytes), cancellation)) > 0;) headBytes += read;
        return head.AsMemory(0, headBytes);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || IsTooLarge) return 0;
        int read;
        if (headGiven < headBytes)
        {
            read = Math.Min(buffer.Length, headBytes - headGiven);
            head.AsMemory(headGiven, read).CopyTo(buffer);
            headGiven += read;
        }
        else read = await ReceiveAsync(buffer, cancellationToken);
        IsTooLarge = Count + read > FileRules.MaxBytes;
        if (IsTooLarge) return 0;
        Count += read;
        hash.AppendData(buffer.Span[..read]);
        return read;
    }

    /// <summary>A server does not read from a client synchronously.</summary>
    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    /// <summary>Reads what is left and forgets it: a client listens for the answer only when it has sent everything.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await ReceiveAsync(buffer, cancellation) > 0) { }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>SHA-256 of what was given out, in lower-case hex.</summary>
    public string Sha256() => Convert.ToHexStringLower(hash.GetCurrentHash());

    protected override void Dispose(bool disposing)
    {
        if (disposing) hash.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellation);
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }
}
