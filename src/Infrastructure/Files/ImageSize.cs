using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files;

/// <summary>The dimensions that an image's header claims, in pixels; nothing is decoded or allocated for them.</summary>
public readonly record struct ImageSize(long Width, long Height)
{
    public bool IsSensible =>
        Width is > 0 and <= FileRules.MaxImageSide && Height is > 0 and <= FileRules.MaxImageSide
        && Width * Height <= FileRules.MaxImagePixels;

    /// <summary>Null when the header is no header of this kind.</summary>
    public static ImageSize? Read(Stream seekable, FileKind kind)
    {
        seekable.Position = 0;
        return kind switch
        {
            FileKind.Jpeg => OfJpeg(seekable),
            FileKind.Png => OfPng(seekable),
            FileKind.Gif => OfGif(seekable),
            _ => null,
        };
    }

    private static ImageSize? OfJpeg(Stream image)
    {
        Span<byte> frame = stackalloc byte[5];
        if (!JpegSegment.TryStart(image)) return null;
        while (JpegSegment.TryNext(image) is { } segment && segment.Marker is not (JpegSegment.StartOfScan or JpegSegment.EndOfImage))
        {
            if (segment.IsFrame)
                return image.TryReadAt(segment.Content, frame)
                    ? new(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]))
                    : null;
            image.Position = segment.End;
        }
        return null;
    }

    private static ImageSize? OfPng(Stream image)
    {
        Span<byte> header = stackalloc byte[33];
        if (!image.TryRead(header) || !header.StartsWith(PngFile.Signature)) return null;
        if (!header[8..].StartsWith("\0\0\0\u000dIHDR"u8)) return null;
        if (PngFile.Crc(header[12..29]) != BinaryPrimitives.ReadUInt32BigEndian(header[29..])) return null;
        return new(BinaryPrimitives.ReadUInt32BigEndian(header[16..]), BinaryPrimitives.ReadUInt32BigEndian(header[20..]));
    }

    private static ImageSize? OfGif(Stream image)
    {
        Span<byte> header = stackalloc byte[10];
        if (!image.TryRead(header) || !(header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8))) return null;
        return new(BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), BinaryPrimitives.ReadUInt16LittleEndian(header[8..]));
    }
}
