using System.Text;
using PatientResponse.Infrastructure.Files.Formats;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Small pictures of every make, in tests/data/pictures, and what phones and programs put between their parts.</summary>
internal static class Pictures
{
    /// <summary>Orientation 6: to be turned by a quarter to the right.</summary>
    public static readonly byte[] Sideways = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];

    public static readonly byte[] SidewaysBigEndian = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];

    public static byte[] Named(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data/pictures", name));

    public static byte[] Segment(byte marker, params ReadOnlySpan<byte> content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    public static byte[] ExifSegment(byte[] tiff) => Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]);

    /// <summary>The parts of a JPEG that is known to be plain: each marker with its segment, a scan with its data.</summary>
    public static IReadOnlyList<byte[]> PartsOf(byte[] jpeg)
    {
        var parts = new List<byte[]>();
        for (var at = 0; at < jpeg.Length;)
        {
            var end = at + 2;
            if (jpeg[at + 1] is not (0xD8 or 0xD9)) end += jpeg[end] << 8 | jpeg[end + 1];
            if (jpeg[at + 1] == 0xDA)
                while (!(jpeg[end] == 0xFF && jpeg[end + 1] is not (0 or >= 0xD0 and <= 0xD7))) end++;
            parts.Add(jpeg[at..end]);
            at = end;
        }
        return parts;
    }

    /// <summary>A Display P3 profile, as phones put it into their photos, or one whose red and blue are swapped; with texts about somebody.</summary>
    public static byte[] Profile(bool isNew, bool swapped = false, string text = "made by Jo Bloggs")
    {
        byte[] red = Xyz(0x83DF, 0x3DBF, -69), green = Xyz(0x4ABF, 0xB137, 0x0AB9), blue = Xyz(0x2838, 0x110B, 0xC8B9);
        byte[] curve = [.. "para\0\0\0\0\0\u0003\0\0"u8, 0, 2, 0x66, 0x66, 0, 0, 0xF2, 0xA7, 0, 0, 0x0D, 0x59, 0, 0, 0x13, 0xD0, 0, 0, 0x0A, 0x5B];
        byte[] words = isNew
            ? [.. "mluc\0\0\0\0"u8, .. Four(1), .. Four(12), .. "enUS"u8, .. Four(text.Length * 2), .. Four(28), .. Encoding.BigEndianUnicode.GetBytes(text)]
            : [.. "desc\0\0\0\0"u8, .. Four(text.Length + 1), .. Encoding.ASCII.GetBytes(text), .. new byte[79]];
        (string Name, byte[] Content)[] tags =
        [
            ("desc", words), ("cprt", [.. "text\0\0\0\0"u8, .. Encoding.ASCII.GetBytes(text), 0]), ("dmnd", words), ("mmod", [.. "mmod\0\0\0\0"u8, .. Encoding.ASCII.GetBytes(text)]),
            ("wtpt", Xyz(0xF6D6, 0x10000, 0xD32D)), ("rXYZ", swapped ? blue : red), ("gXYZ", green), ("bXYZ", swapped ? red : blue), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ];
        var (table, data) = (new List<byte>(), new List<byte>());
        foreach (var (name, content) in tags)
        {
            table.AddRange([.. Encoding.ASCII.GetBytes(name), .. Four(128 + 4 + 12 * tags.Length + data.Count), .. Four(content.Length)]);
            data.AddRange([.. content, .. new byte[(4 - content.Length % 4) % 4]]);
        }
        byte[] body = [.. Four(tags.Length), .. table, .. data];
        return
        [
            .. Four(128 + body.Length), .. "appl"u8, (byte)(isNew ? 4 : 2), 0, 0, 0, .. "mntrRGB XYZ "u8, 7, 0xE7, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, .. "acspAPPL"u8, .. new byte[4],
            .. "JoBl"u8, .. "Pho7"u8, .. new byte[8], .. new byte[4], .. Four(0xF6D6), .. Four(0x10000), .. Four(0xD32D), .. "JoBl"u8, .. new byte[44], .. body,
        ];
    }

    public static byte[] Four(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[]? Clean(byte[] file, FileKind kind)
    {
        using var clean = ImageMetadata.Clean(new MemoryStream(file), kind);
        if (clean is null) return null;
        using var bytes = new MemoryStream();
        clean.CopyTo(bytes, 100);
        Assert.Equal(clean.Length, bytes.Length);
        return bytes.ToArray();
    }

    private static byte[] Xyz(int x, int y, int z) => [.. "XYZ \0\0\0\0"u8, .. Four(x), .. Four(y), .. Four(z)];
}
