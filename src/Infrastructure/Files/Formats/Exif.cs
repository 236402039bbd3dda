using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>The one thing of a photo's EXIF data that is kept: which way up it is (TIFF tag 0x0112, 1 to 8).</summary>
internal static class Exif
{
    private const int Upright = 1;
    private const ushort OrientationTag = 0x0112;
    // Browsers follow a short number only; other programs a long one too. So each keeps its type.
    private const ushort Short = 3;
    private const ushort Long = 4;

    /// <summary>A TIFF block with one entry; null when the first directory does not turn the picture.</summary>
    public static byte[]? OrientationAlone(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return null;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8)) return null;
        var directory = Number(tiff[4..], Long, little);
        if (directory > tiff.Length - 2) return null;
        var count = Number(tiff[(int)directory..], Short, little);
        for (var at = directory + 2; count > 0 && at + 12 <= tiff.Length; at += 12, count--)
        {
            var entry = tiff[(int)at..];
            if (Number(entry, Short, little) != OrientationTag) continue;
            var type = (ushort)Number(entry[2..], Short, little);
            if (type is not (Short or Long) || Number(entry[4..], Long, little) != 1) return null;
            var value = Number(entry[8..], type, little);
            return value is > Upright and <= 8 ? Block(type, (byte)value) : null;
        }
        return null;
    }

    private static byte[] Block(ushort type, byte orientation) =>
    [
        .. "MM\0*"u8, 0, 0, 0, 8, 0, 1,
        0x01, 0x12, 0, (byte)type, 0, 0, 0, 1, .. type == Short ? [0, orientation, 0, 0] : (byte[])[0, 0, 0, orientation],
        0, 0, 0, 0,
    ];

    private static long Number(ReadOnlySpan<byte> at, ushort type, bool little) => (type, little) switch
    {
        (Short, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
        (Short, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
        _ => BinaryPrimitives.ReadUInt32BigEndian(at),
    };
}
