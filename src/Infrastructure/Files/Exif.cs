using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files;

/// <summary>The one thing of a photo's EXIF data that is kept: which way up it is (TIFF tag 0x0112, 1 to 8).</summary>
internal static class Exif
{
    public const int Upright = 1;
    private const ushort OrientationTag = 0x0112;

    /// <summary>Upright unless the first directory says otherwise.</summary>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return Upright;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8)) return Upright;
        var directory = Number(tiff[4..], 4, little);
        if (directory > tiff.Length - 2) return Upright;
        var count = Number(tiff[(int)directory..], 2, little);
        for (var at = directory + 2; count > 0 && at + 12 <= tiff.Length; at += 12, count--)
        {
            var entry = tiff[(int)at..];
            if (Number(entry, 2, little) != OrientationTag) continue;
            var value = Number(entry[8..], 2, little);
            return value is >= 1 and <= 8 ? (int)value : Upright;
        }
        return Upright;
    }

    /// <summary>A TIFF block with one entry.</summary>
    public static byte[] WithOrientation(int orientation) =>
    [
        .. "MM\0*"u8, 0, 0, 0, 8, 0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    private static long Number(ReadOnlySpan<byte> at, int bytes, bool little) => (bytes, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
        _ => BinaryPrimitives.ReadUInt32BigEndian(at),
    };
}
