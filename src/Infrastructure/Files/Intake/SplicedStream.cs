using PatientResponse.Infrastructure.Files.Sealing;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>Stretches of a seekable source and bytes of our own, one after the other. Leaves the source open.</summary>
public sealed class SplicedStream(Stream source) : ReadOnlyStream
{
    // Stretches that meet become one; a real image needs a handful. More is an attack on memory.
    private const int MaxPieces = 4096;
    private readonly List<Piece> pieces = [];
    private int current;
    private long given;

    private readonly record struct Piece(long Start, long Length, byte[]? Bytes);

    public override long Length => pieces.Sum(piece => piece.Length);

    internal bool HasTooManyPieces => pieces.Count > MaxPieces;

    internal void Keep(long start, long end)
    {
        if (pieces.Count > 0 && pieces[^1] is { Bytes: null } last && last.Start + last.Length == start)
            pieces[^1] = last with { Length = end - last.Start };
        else if (!HasTooManyPieces) pieces.Add(new(start, end - start, null));
    }

    internal void Insert(byte[] bytes)
    {
        if (!HasTooManyPieces) pieces.Add(new(0, bytes.Length, bytes));
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || Current() is not { } piece) return 0;
        var wanted = buffer[..(int)Math.Min(buffer.Length, piece.Length - given)];
        if (piece.Bytes is { } bytes) return GiveOwn(bytes, wanted);
        source.Position = piece.Start + given;
        return Give(source.Read(wanted));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || Current() is not { } piece) return 0;
        var wanted = buffer[..(int)Math.Min(buffer.Length, piece.Length - given)];
        if (piece.Bytes is { } bytes) return GiveOwn(bytes, wanted.Span);
        source.Position = piece.Start + given;
        return Give(await source.ReadAsync(wanted, cancellationToken));
    }

    private Piece? Current()
    {
        for (; current < pieces.Count; (current, given) = (current + 1, 0))
            if (given < pieces[current].Length) return pieces[current];
        return null;
    }

    private int GiveOwn(byte[] bytes, Span<byte> wanted)
    {
        bytes.AsSpan((int)given, wanted.Length).CopyTo(wanted);
        return Give(wanted.Length);
    }

    private int Give(int read)
    {
        given += read;
        return read;
    }
}
