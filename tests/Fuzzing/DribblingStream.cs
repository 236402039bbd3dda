using PatientResponse.Infrastructure.Files.Sealing;

namespace PatientResponse.Tests.Fuzzing;

/// <summary>The same bytes, given out a few at a time, as stores and phones do: no answer may depend on where a read ends.</summary>
internal sealed class DribblingStream(byte[] bytes) : ReadOnlyStream
{
    private const int Most = 61;

    public override bool CanSeek => true;
    public override long Length => bytes.Length;
    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Clamp(bytes.Length - Position, 0, Math.Min(buffer.Length, Most));
        bytes.AsSpan((int)Math.Min(Position, bytes.Length), count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Current => Position,
        SeekOrigin.End => Length,
        _ => 0,
    };
}
