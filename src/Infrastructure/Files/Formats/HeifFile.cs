using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>Photos as iPhones keep them (HEIC, ISO/IEC 23008-12): known, to say so, and not taken.</summary>
internal static class HeifFile
{
    private static readonly string[] Extensions = [".heic", ".heif", ".heics", ".heifs", ".hif"];

    public static bool IsExtension(string extension) => Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);

    /// <summary>By the brands in its first box. A file of the family that is AVIF or a film is none.</summary>
    public static bool IsOne(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..].StartsWith("ftyp"u8)) return false;
        var end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        var (general, other) = (false, false);
        // Four bytes behind the first brand are its version.
        for (var at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
        {
            var brand = head.Slice(at, 4);
            if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8)) return true;
            general |= brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
            other |= brand.StartsWith("avi"u8);
        }
        return general && !other;
    }
}
