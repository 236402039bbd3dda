using System.Buffers.Binary;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>What a cleaned picture must not hold any more, found by walking it in the plainest way.</summary>
internal static class Leftovers
{
    private const int OwnExifBytes = 34;
    private static readonly string[] TextChunks = ["tEXt", "zTXt", "iTXt", "tIME", "dSIG", "caBX"];

    /// <summary>Null when there is none.</summary>
    public static string? In(byte[] picture, FileKind kind) => kind switch
    {
        FileKind.Jpeg => InJpeg(picture),
        FileKind.Png => InPng(picture),
        _ => InGif(picture),
    };

    private static string? InJpeg(ReadOnlySpan<byte> picture)
    {
        if (!picture.EndsWith<byte>([0xFF, 0xD9])) return "something after its end";
        for (var at = 2; at + 4 <= picture.Length && picture[at] == 0xFF && picture[at + 1] is not (0xDA or 0xD9);)
        {
            var (marker, bytes) = (picture[at + 1], BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 2)..]));
            if (marker == 0xFE) return "a comment";
            if (marker == 0xE1 && bytes != OwnExifBytes) return "data of the camera";
            if (marker is 0xED or (>= 0xE3 and <= 0xEC) or 0xEF) return "data of a program";
            at += marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2 : 2 + bytes;
        }
        return null;
    }

    private static string? InPng(ReadOnlySpan<byte> picture)
    {
        for (long at = 8; at + 12 <= picture.Length;)
        {
            var type = Encoding.Latin1.GetString(picture.Slice((int)at + 4, 4));
            if (TextChunks.Contains(type)) return type;
            at += 12 + BinaryPrimitives.ReadUInt32BigEndian(picture[(int)at..]);
            if (type == "IEND") return at == picture.Length ? null : "something after its end";
        }
        return "no end";
    }

    private static string? InGif(ReadOnlySpan<byte> picture)
    {
        static int Table(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
        for (var at = 13 + Table(picture[10]); picture[at] != 0x3B;)
        {
            if (picture[at] == 0x21 && picture[at + 1] is not (0xF9 or 0xFF)) return "a comment or text";
            at += picture[at] == 0x21 ? 2 : 11 + Table(picture[at + 9]);
            while (picture[at] != 0) at += 1 + picture[at];
            at++;
            if (picture[at] == 0x3B) return at + 1 == picture.Length ? null : "something after its end";
        }
        return null;
    }
}
