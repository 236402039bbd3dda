namespace PatientResponse.Infrastructure.Files;

/// <summary>A stretch of a seekable stream, read front to back. Leaves the stream open.</summary>
internal sealed class StreamPart(Stream whole, long start, long length) : ReadOnlyStream
{
    private long given;

    public override int Read(Span<byte> buffer)
    {
        var count = Next(buffer.Length);
        if (count == 0) return 0;
        var read = whole.Read(buffer[..count]);
        given += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Next(buffer.Length);
        if (count == 0) return 0;
        var read = await whole.ReadAsync(buffer[..count], cancellationToken);
        given += read;
        return read;
    }

    private int Next(int wanted)
    {
        whole.Position = start + given;
        return (int)Math.Min(wanted, length - given);
    }
}
