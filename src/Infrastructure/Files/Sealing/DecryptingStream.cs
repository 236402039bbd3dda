using System.Buffers;

namespace PatientResponse.Infrastructure.Files.Sealing;

/// <summary>
/// Reads a stored file back, from any place in it. Opening checks the last chunk, and with it the length, before a byte
/// is given out. Anything that is not as written is a <see cref="DamagedFileException"/>. Holds one chunk.
/// </summary>
public sealed class DecryptingStream : ReadOnlyStream
{
    private const int SealedBytes = FileCipher.ChunkBytes + FileCipher.TagBytes;
    private readonly Stream stored;
    private readonly FileCipher cipher;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(SealedBytes);
    private readonly long length;
    private readonly long lastChunk;
    private long position;
    private long held = -1;
    private bool disposed;

    private DecryptingStream(Stream stored, long length, FileCipher cipher)
    {
        this.stored = stored;
        this.length = length;
        this.cipher = cipher;
        lastChunk = Math.Max(0, (length - 1) / FileCipher.ChunkBytes);
    }

    /// <summary>Takes over <paramref name="stored"/> (seekable), also when it fails.</summary>
    public static async Task<DecryptingStream> OpenAsync(Stream stored, FileKey key, CancellationToken cancellation = default)
    {
        DecryptingStream? opened = null;
        try
        {
            var length = FileCipher.PlainLength(stored.Length);
            var header = new byte[FileCipher.HeaderBytes];
            stored.Position = 0;
            if (await stored.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation) < header.Length)
                throw new DamagedFileException();
            opened = new DecryptingStream(stored, length, FileCipher.Read(key, header));
            await opened.HoldAsync(opened.lastChunk, cancellation);
            return opened;
        }
        catch
        {
            if (opened is not null) await opened.DisposeAsync();
            await stored.DisposeAsync();
            throw;
        }
    }

    public override bool CanSeek => true;

    /// <summary>Of the plain file, in bytes.</summary>
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (buffer.IsEmpty || position >= length) return 0;
        Hold(position / FileCipher.ChunkBytes);
        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (buffer.IsEmpty || position >= length) return 0;
        await HoldAsync(position / FileCipher.ChunkBytes, cancellationToken);
        return Give(buffer.Span);
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => position,
        SeekOrigin.End => length,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            cipher.Dispose();
            stored.Dispose();
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
        base.Dispose(disposing);
    }

    private void Hold(long chunk)
    {
        if (held == chunk) return;
        Seek(chunk);
        Unseal(chunk, stored.ReadAtLeast(buffer.AsSpan(0, SizeOf(chunk)), SizeOf(chunk), throwOnEndOfStream: false));
    }

    private async ValueTask HoldAsync(long chunk, CancellationToken cancellation)
    {
        if (held == chunk) return;
        Seek(chunk);
        Unseal(chunk, await stored.ReadAtLeastAsync(buffer.AsMemory(0, SizeOf(chunk)), SizeOf(chunk), throwOnEndOfStream: false, cancellation));
    }

    private void Seek(long chunk)
    {
        held = -1;
        stored.Position = FileCipher.HeaderBytes + chunk * SealedBytes;
    }

    private int SizeOf(long chunk) => chunk < lastChunk ? SealedBytes : (int)(length - lastChunk * FileCipher.ChunkBytes) + FileCipher.TagBytes;

    private void Unseal(long chunk, int read)
    {
        if (read < SizeOf(chunk)) throw new DamagedFileException();
        var size = read - FileCipher.TagBytes;
        cipher.Decrypt(chunk, chunk == lastChunk, buffer.AsSpan(0, size), buffer.AsSpan(size, FileCipher.TagBytes));
        held = chunk;
    }

    private int Give(Span<byte> target)
    {
        var start = (int)(position % FileCipher.ChunkBytes);
        var count = (int)Math.Min(Math.Min(target.Length, FileCipher.ChunkBytes - start), length - position);
        buffer.AsSpan(start, count).CopyTo(target);
        position += count;
        return count;
    }
}
