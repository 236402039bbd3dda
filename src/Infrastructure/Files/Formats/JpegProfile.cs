using System.Buffers.Binary;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>The colour profile of a JPEG file, in as many segments as it takes (ICC.1, annex B.4).</summary>
internal static class JpegProfile
{
    private const byte Marker = 0xE2;
    // Two bytes for the length, twelve for the name, one each for this segment's number and how many there are.
    private const int HeadBytes = 14;
    private const int MaxPartBytes = 65_535 - 2 - HeadBytes;
    private static ReadOnlySpan<byte> Name => "ICC_PROFILE\0"u8;

    public static bool IsPart(ReadOnlySpan<byte> content) => content.Length >= HeadBytes && content.StartsWith(Name);

    /// <summary>Puts what colours are made with in here. Decoders ignore a profile that lacks a part or has one twice; so it goes.</summary>
    public static void Keep(FileBytes image, JpegSegment first, SplicedStream clean)
    {
        if (Read(image, first) is not { } whole || IccProfile.ColoursOf(whole) is not { } profile) return;
        var count = (profile.Length + MaxPartBytes - 1) / MaxPartBytes;
        for (var number = 1; number <= count; number++)
        {
            var part = profile.AsSpan((number - 1) * MaxPartBytes);
            part = part[..Math.Min(part.Length, MaxPartBytes)];
            var head = new byte[4 + HeadBytes];
            (head[0], head[1]) = (0xFF, Marker);
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(2 + HeadBytes + part.Length));
            Name.CopyTo(head.AsSpan(4));
            (head[^2], head[^1]) = ((byte)number, (byte)count);
            clean.Insert([.. head, .. part]);
        }
    }

    private static byte[]? Read(FileBytes image, JpegSegment first)
    {
        var parts = new SortedDictionary<int, (long Start, int Bytes)>();
        var (count, content) = (0, new byte[HeadBytes]);
        for (JpegSegment? next = first; next is { Marker: not (JpegSegment.StartOfScan or JpegSegment.EndOfImage) } segment && segment.End <= image.Length; next = JpegSegment.Next(image, Math.Max(segment.End, segment.Start + 2)))
        {
            if (segment.Marker != Marker || segment.Bytes < HeadBytes || !image.TryRead(segment.Content, content) || !IsPart(content)) continue;
            var (number, of) = (content[^2], content[^1]);
            if (count == 0) count = of;
            if (number == 0 || number > of || of != count || !parts.TryAdd(number, (segment.Content + HeadBytes, segment.Bytes - HeadBytes))) return null;
        }
        if (parts.Count != count || parts.Values.Sum(part => part.Bytes) > IccProfile.MaxBytes) return null;
        var whole = new byte[parts.Values.Sum(part => part.Bytes)];
        var filled = 0;
        foreach (var (start, bytes) in parts.Values)
        {
            if (!image.TryRead(start, whole.AsSpan(filled, bytes))) return null;
            filled += bytes;
        }
        return whole;
    }
}
