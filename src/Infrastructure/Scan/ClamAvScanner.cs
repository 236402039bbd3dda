using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Scan;

/// <summary>clamd over TCP (INSTREAM): the file goes over in chunks as it is read, so it is neither in memory whole nor on our disk.</summary>
public sealed class ClamAvScanner(ClamAvOptions options, TimeProvider time, ILogger<ClamAvScanner> logger) : IFileScanner
{
    /// <summary>For one file, from connecting to the reply. A patient may be waiting for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>After a failure nobody is made to wait for so long: five files would each wait.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);

    private const int ChunkBytes = 32 * 1024;
    private const int MaxReplyBytes = 4096;
    private long _failedAt;

    public async Task<ScanOutcome> ScanAsync(Stream plain, CancellationToken cancellation = default)
    {
        if (!Rest.HasPassed(new(Interlocked.Read(ref _failedAt), TimeSpan.Zero), time.GetUtcNow()))
            return ScanOutcome.Unavailable;
        var (outcome, signature) = await AskAsync(plain, cancellation);
        Interlocked.Exchange(ref _failedAt, outcome == ScanOutcome.Unavailable ? time.GetUtcNow().UtcTicks : 0);
        if (outcome == ScanOutcome.Infected)
            logger.LogWarning("ClamAV found {Signature} in a file", signature);
        if (outcome == ScanOutcome.BeyondLimits)
            logger.LogError("ClamAV does not scan a file because of its limits: raise StreamMaxLength, MaxFileSize and MaxScanSize");
        return outcome;
    }

    private async Task<ClamAvReply.Meaning> AskAsync(Stream plain, CancellationToken cancellation)
    {
        using var tooSlow = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, cancellation);
        using var connection = new TcpClient { NoDelay = true };
        try
        {
            await connection.ConnectAsync(options.Host, options.Port, either.Token);
            var clamd = connection.GetStream();
            await SendAsync(plain, clamd, either.Token);
            return ClamAvReply.Of(await ReplyAsync(clamd, either.Token));
        }
        catch (UnreadableFileException unreadable)
        {
            throw unreadable.InnerException!;
        }
        catch (Exception failure) when (failure is IOException or SocketException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            logger.LogWarning("ClamAV did not answer: {Failure}", failure.GetType().Name);
            return new(ScanOutcome.Unavailable);
        }
    }

    /// <summary>Ends early where clamd takes no more: over its limit it answers and closes in mid-file, and the answer is there to be read.</summary>
    private static async Task SendAsync(Stream plain, NetworkStream clamd, CancellationToken cancellation)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(sizeof(int) + ChunkBytes);
        try
        {
            if (!await TrySendAsync(clamd, "zINSTREAM\0"u8.ToArray(), cancellation))
                return;
            int read;
            do
            {
                read = await ReadAsync(plain, chunk.AsMemory(sizeof(int), ChunkBytes), cancellation);
                // A length of nothing ends the file.
                BinaryPrimitives.WriteInt32BigEndian(chunk, read);
            }
            while (await TrySendAsync(clamd, chunk.AsMemory(0, sizeof(int) + read), cancellation) && read > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk, clearArray: true);
        }
    }

    private static async Task<bool> TrySendAsync(NetworkStream clamd, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await clamd.WriteAsync(bytes, cancellation);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<string> ReplyAsync(NetworkStream clamd, CancellationToken cancellation)
    {
        var reply = new byte[MaxReplyBytes];
        var length = 0;
        for (int read; length < reply.Length && (read = await clamd.ReadAsync(reply.AsMemory(length), cancellation)) > 0;)
        {
            length += read;
            // Only what ends as a reply ends is whole.
            if (reply.AsSpan(0, length).IndexOf((byte)0) is >= 0 and var end)
                return Encoding.Latin1.GetString(reply, 0, end);
        }
        return "";
    }

    /// <summary>Told apart from clamd's failures: it says something about our store, not about the scanner.</summary>
    private static async Task<int> ReadAsync(Stream plain, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await plain.ReadAsync(buffer, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new UnreadableFileException(failure);
        }
    }

    private sealed class UnreadableFileException(Exception cause) : Exception(cause.Message, cause);
}
