using System.Buffers;

namespace PatientResponse.Infrastructure.Files.Sealing;

/// <summary>Reads a plain stream and yields its stored form (<see cref="FileCipher"/>), so that any store can pull it. Holds one chunk.</summary>
public sealed class EncryptingStream : ReadOnlyStream
{
    private readonly Stream plain;
    private readonly FileCipher cipher;
    // One byte more than a chunk: whether a chunk is the last is known only when there is a byte after it.
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(FileCipher.ChunkBytes + FileCipher.TagBytes);
    private int filled;
    private int ready;
    private int given;
    private byte carried;
    private bool carries;
    private bool ended;
    private long chunk;
    private bool disposed;

    public EncryptingStream(Stream plain, FileKey key)
    {
        this.plain = plain;
        cipher = FileCipher.Create(key, buffer);
        ready = FileCipher.HeaderBytes;
    }

    public override int Read(Span<byte> buffer)
    {
        while (buffer.Length > 0 && given == ready && !ended)
        {
            StartChunk();
            int read;
            while ((read = plain.Read(Room().Span)) > 0) filled += read;
            SealChunk();
        }
        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0 && given == ready && !ended)
        {
            StartChunk();
            int read;
            while ((read = await plain.ReadAsync(Room(), cancellationToken)) > 0) filled += read;
            SealChunk();
        }
        return Give(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            cipher.Dispose();
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
        base.Dispose(disposing);
    }

    private void StartChunk()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        buffer[0] = carried;
        filled = carries ? 1 : 0;
    }

    private Memory<byte> Room() => buffer.AsMemory(filled, FileCipher.ChunkBytes + 1 - filled);

    private void SealChunk()
    {
        carries = filled > FileCipher.ChunkBytes;
        carried = buffer[FileCipher.ChunkBytes];
        ended = !carries;
        var size = Math.Min(filled, FileCipher.ChunkBytes);
        cipher.Encrypt(chunk++, ended, buffer.AsSpan(0, size), buffer.AsSpan(size, FileCipher.TagBytes));
        (given, ready) = (0, size + FileCipher.TagBytes);
    }

    private int Give(Span<byte> target)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var count = Math.Min(target.Length, ready - given);
        buffer.AsSpan(given, count).CopyTo(target);
        given += count;
        return count;
    }
}
