using System.Buffers;
using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files;

/// <summary>One marker segment of a JPEG file (ITU-T T.81 annex B). Content and End are positions in the stream.</summary>
internal readonly record struct JpegSegment(byte Marker, long Start, long Content, long End)
{
    public const byte StartOfScan = 0xDA;
    public const byte EndOfImage = 0xD9;

    /// <summary>A frame header, which says the dimensions.</summary>
    public bool IsFrame => Marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    public int Bytes => (int)(End - Content);

    public static bool TryStart(Stream image)
    {
        Span<byte> start = stackalloc byte[2];
        return image.TryReadAt(0, start) && start.SequenceEqual<byte>([0xFF, 0xD8]);
    }

    /// <summary>The segment that begins at the stream's position; null when none does, or it goes past the end.</summary>
    public static JpegSegment? TryNext(Stream image)
    {
        Span<byte> two = stackalloc byte[2];
        if (!image.TryRead(two) || two[0] != 0xFF) return null;
        while (two[1] == 0xFF)
            if (!image.TryRead(two[1..])) return null;
        var after = image.Position;
        var marker = two[1];
        if (marker is 0x01 or (>= 0xD0 and <= 0xD9)) return new(marker, after - 2, after, after);
        if (!image.TryRead(two)) return null;
        var end = after + BinaryPrimitives.ReadUInt16BigEndian(two);
        return marker != 0 && end >= after + 2 && end <= image.Length ? new(marker, after - 2, after + 2, end) : null;
    }

    /// <summary>Where compressed data that begins here ends: at the next marker that is no restart, or at the end of the file.</summary>
    public static long EndOfScan(Stream image, long start)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            image.Position = start;
            var marked = false;
            for (int read; (read = image.Read(buffer)) > 0; start += read)
            {
                for (var i = 0; i < read; i++)
                {
                    if (marked && buffer[i] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7))) return start + i - 1;
                    if (buffer[i] != 0xFF)
                    {
                        var next = buffer.AsSpan(i, read - i).IndexOf((byte)0xFF);
                        i = next < 0 ? read - 1 : i + next;
                    }
                    marked = buffer[i] == 0xFF;
                }
            }
            return image.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
