using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PatientResponse.Tests.Infrastructure.Files;

namespace PatientResponse.Tests.Fuzzing.Reading;

internal static class PictureSamples
{
    private static readonly byte[] Sideways = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Little = [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 4, 0, 0, 0, 65, 66, 67, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0];

    public static readonly string[] JpegTokens =
    [
        "\xFF\xD8\xFF", "\xFF\xD9", "\xFF\xDA", "\xFF\xC0", "\xFF\xC2", "\xFF\xC4", "\xFF\xDB", "\xFF\xDD", "\xFF\xDC", "\xFF\xDF", "\xFF\xE0\x00\x10JFIF\0", "\xFF\xE1", "\xFF\xE2", "\xFF\xED", "\xFF\xEE\x00\x0EAdobe", "\xFF\xFE", "\xFF\x01",
        "\xFF\xD0", "\xFF\xD7", "\xFF\x00", "\xFF\xFF", "Exif\0\0", "ICC_PROFILE\0\x01\x01", "MPF\0", "http://ns.adobe.com/xap/1.0/\0", "II*\0", "MM\0*",
    ];

    public static readonly string[] PngTokens =
    [
        "\x89PNG\r\n\x1A\n", "IHDR", "IDAT", "IEND", "PLTE", "tRNS", "tEXt", "zTXt", "iTXt", "eXIf", "iCCP", "acTL", "fcTL", "fdAT", "gAMA", "sRGB", "pHYs", "tIME", "cICP", "caBX", "\0\0\0\r", "\0\0\0\0",
    ];

    public static readonly string[] GifTokens =
        ["GIF87a", "GIF89a", "\x21\xF9\x04", "\x21\xFF\x0BNETSCAPE2.0\x03\x01", "\x21\xFF\x0B" + "ANIMEXTS1.0", "\x21\xFF\x0BXMP DataXMP", "\x21\xFE", "\x21\x01\x0C", "\x2C", "\x3B", "\0\x3B"];

    public static IEnumerable<byte[]> Jpegs() =>
    [
        SampleFiles.Jpeg(), JpegWithExif(Sideways), JpegWithExif(Little),
        .. Between(SampleFiles.Jpeg(), [0, 0], [0xFF, 0xFE, 0, 6, 1, 2, 3, 4], [0xFF, 0xE2, 0, 18, .. "ICC_PROFILE\0\u0001\u0001ab"u8], [0xFF, 0xEE, 0, 14, .. "Adobe\0d\0\0\0\0\u0001"u8], [0xFF, 0xDD, 0, 4, 0, 1]),
        // A thumbnail and a second picture behind the end.
        [.. JpegWithExif([.. Little, .. SampleFiles.Jpeg()]), .. SampleFiles.Jpeg()],
        SampleFiles.Jpeg()[..^2],
    ];

    public static IEnumerable<byte[]> Pngs() =>
    [
        Png(), PngWithExif(Sideways), PngWithExif(Little), [.. Png(), .. "after"u8],
        Png(Chunk("tEXt", [.. "Comment\0GPS"u8])), Png(Chunk("iCCP", [.. "icc\0\0"u8, .. Zlib([1, 2, 3])])),
        Png([.. Chunk("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), .. Chunk("fcTL", [0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0])]),
    ];

    public static IEnumerable<byte[]> Gifs() =>
    [
        Gif([]), Gif([0x21, 0xFE, 3, 1, 2, 3, 0]), Gif([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]),
        Gif([0x21, 0xFF, 11, .. "XMP DataXMP"u8, 2, 1, 2, 0]), Gif([0x21, 1, 12, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 65, 0]), [.. Gif([]), .. "after"u8], Gif([])[..^1],
    ];

    public static IEnumerable<byte[]> Exifs() => [Sideways, Little, Little[..20]];

    public static byte[] JpegWithExif(byte[] tiff)
    {
        var content = (byte[])[.. "Exif\0\0"u8, .. tiff.AsSpan(0, Math.Min(tiff.Length, 60_000))];
        var jpeg = SampleFiles.Jpeg();
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];
    }

    public static byte[] PngWithExif(byte[] tiff) => Png(Chunk("eXIf", tiff));

    /// <summary>Eight by two grey pixels.</summary>
    private static byte[] Png(params byte[] between) =>
    [
        .. SampleFiles.PngSignature, .. Chunk("IHDR", [0, 0, 0, 8, 0, 0, 0, 2, 1, 0, 0, 0, 0]), .. between, .. Chunk("IDAT", Zlib([0, 0xAA, 0, 0x55])), .. Chunk("IEND", []),
    ];

    /// <summary>Two by one pixels, of two frames.</summary>
    private static byte[] Gif(byte[] between)
    {
        byte[] frame = [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0];
        return [.. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. between, .. frame, .. frame, 0x3B];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.Latin1.GetBytes(type), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), PngChunks.Checksum(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    private static byte[] Zlib(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.NoCompression)) zlib.Write(content);
        return packed.ToArray();
    }

    /// <summary>Each of the pieces in front of the frame header.</summary>
    private static IEnumerable<byte[]> Between(byte[] jpeg, params byte[][] pieces)
    {
        var at = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        return pieces.Select(piece => (byte[])[.. jpeg[..at], .. piece, .. jpeg[at..]]);
    }
}
