using System.Buffers;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>A seekable file, read at any place through a window: small steps forward cost no call to the stream each. Leaves the file open.</summary>
internal sealed class FileBytes(Stream file) : IDisposable
{
    private const int WindowBytes = 32 * 1024;
    private readonly byte[] window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private long start;
    private int held;

    public long Length { get; } = file.Length;

    /// <summary>The byte at a place, -1 behind the end.</summary>
    public int At(long place)
    {
        var offset = place - start;
        if ((ulong)offset < (ulong)held) return window[offset];
        var from = From(place);
        return from.IsEmpty ? -1 : from[0];
    }

    /// <summary>Two bytes, the higher first; -1 when they are not both there.</summary>
    public int TwoAt(long place) => (At(place), At(place + 1)) is ( >= 0 and var high, >= 0 and var low) ? high << 8 | low : -1;

    /// <summary>Some of the bytes from a place on, as many as are at hand; none behind the end.</summary>
    public ReadOnlySpan<byte> From(long place)
    {
        if (place < 0 || place >= Length) return [];
        if (place < start || place >= start + held)
        {
            file.Position = place;
            held = file.ReadAtLeast(window.AsSpan(0, WindowBytes), WindowBytes, throwOnEndOfStream: false);
            start = place;
        }
        return window.AsSpan((int)(place - start), (int)(held - (place - start)));
    }

    /// <summary>False when they are not all there.</summary>
    public bool TryRead(long place, Span<byte> all)
    {
        while (!all.IsEmpty)
        {
            var some = From(place);
            if (some.IsEmpty) return false;
            var count = Math.Min(some.Length, all.Length);
            some[..count].CopyTo(all);
            all = all[count..];
            place += count;
        }
        return true;
    }

    /// <summary>Where a value comes next, from a place on; the length when it does not.</summary>
    public long IndexOf(byte value, long place)
    {
        while (From(place) is { IsEmpty: false } some)
        {
            var index = some.IndexOf(value);
            if (index >= 0) return place + index;
            place += some.Length;
        }
        return Length;
    }

    /// <summary>The window held somebody's picture.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(window, clearArray: true);
}
