using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Real files of every kind that a patient can send, and of some that only an attacker would. With a size: exactly so many bytes, and still valid.</summary>
public static class SampleFiles
{
    public static byte[] Of(FileKind kind, int? size = null) => kind switch
    {
        FileKind.Jpeg => Jpeg(size),
        FileKind.Gif => Gif(size),
        FileKind.Png => Png(size),
        FileKind.Pdf => Pdf(size),
        FileKind.Doc => Doc(size),
        FileKind.Docx => Docx(size),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A grey JPEG with a comment; larger ones hold more picture, not only padding.</summary>
    public static byte[] Jpeg(int? size = null)
    {
        var columns = size > 100_000 ? 232 : 1;
        // Every coefficient costs 16 zero bits for its code and (but the first) one for its value: 1,087 bits a block.
        int ScanBytes(int lines) => (columns * lines * 1087 + 7) / 8;
        byte[] Build(int lines, int comment)
        {
            List<byte> file = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0];
            file.AddRange([0xFF, 0xFE, .. BigEndian((ushort)(comment + 2)), .. new byte[comment]]);
            file.AddRange([0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)16, 64)]);
            file.AddRange([0xFF, 0xC0, 0, 11, 8, .. BigEndian((ushort)(lines * 8)), .. BigEndian((ushort)(columns * 8)), 1, 1, 0x11, 0]);
            foreach (byte table in (byte[])[0x00, 0x10])
                file.AddRange([0xFF, 0xC4, 0, 20, table, .. new byte[15], 1, (byte)(table >> 4)]);
            file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, .. new byte[ScanBytes(lines)], 0xFF, 0xD9]);
            return [.. file];
        }
        var smallest = Build(1, 0).Length;
        if (size is null) return Build(1, 0);
        var lines = 1 + (size.Value - smallest) / (ScanBytes(1001) / 1001 + 1);
        return Build(lines, size.Value - Build(lines, 0).Length);
    }

    /// <summary>A plain grey JPEG of any size in pixels, in few bytes: two bits for each block of 8 × 8.</summary>
    public static byte[] PlainJpeg(int width, int height) =>
    [
        0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)16, 64),
        0xFF, 0xC0, 0, 11, 8, .. BigEndian((ushort)height), .. BigEndian((ushort)width), 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[16], 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[16],
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, .. new byte[((width + 7) / 8 * ((height + 7) / 8) + 3) / 4], 0xFF, 0xD9,
    ];

    /// <summary>The beginning of a photo as iPhones keep it.</summary>
    public static byte[] Heic(int size = 2000) => [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8, .. new byte[size - 24]];

    /// <summary>A grey PNG, uncompressed inside when large, with a text chunk.</summary>
    public static byte[] Png(int? size = null, int? width = null, int? height = null)
    {
        byte[] Build(int lines, int text)
        {
            var pixels = new byte[lines * 2049];
            new Random(1).NextBytes(pixels);
            for (var line = 0; line < lines; line++) pixels[line * 2049] = 0;
            using var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.NoCompression, leaveOpen: true)) zlib.Write(pixels);
            return
            [
                .. PngSignature,
                .. PngChunk("IHDR", [.. BigEndian(width ?? 2048), .. BigEndian(height ?? lines), 8, 0, 0, 0, 0]),
                .. PngChunk("tEXt", [.. "Comment\0"u8, .. Enumerable.Repeat((byte)'x', text)]),
                .. PngChunk("IDAT", packed.ToArray()),
                .. PngChunk("IEND", []),
            ];
        }
        if (size is null) return Build(1, 0);
        var lines = Math.Max(1, (size.Value - 4096) / 2060);
        return Build(lines, size.Value - Build(lines, 0).Length);
    }

    public static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] PngChunk(string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. BigEndian(content.Length), .. named, .. BigEndian((int)Crc32(named))];
    }

    /// <summary>A grey GIF, repeating, with a comment.</summary>
    public static byte[] Gif(int? size = null)
    {
        const int width = 2520;
        byte[] Build(int lines, int comment)
        {
            List<byte> file = [.. "GIF89a"u8, .. LittleEndian(width), .. LittleEndian((ushort)lines), 0xE6, 0, 0];
            for (var grey = 0; grey < 128; grey++) file.AddRange([(byte)(grey * 2), (byte)(grey * 2), (byte)(grey * 2)]);
            file.AddRange([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]);
            file.AddRange([0x21, 0xFE, .. SubBlocks(new byte[comment])]);
            file.AddRange([0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, .. LittleEndian(width), .. LittleEndian((ushort)lines), 0, 7]);
            // Codes of 8 bits: a clear code often enough that they never grow to 9.
            var codes = new List<byte>();
            for (var run = 0; run < lines * width / 126; run++) codes.AddRange([0x80, .. Enumerable.Repeat((byte)(run % 128), 126)]);
            codes.Add(0x81);
            return [.. file, .. SubBlocks([.. codes]), 0x3B];
        }
        if (size is null) return Build(1, 0);
        var lines = Math.Max(1, (size.Value - 4096) / 2551);
        while (true)
        {
            var room = size.Value - Build(lines, 0).Length;
            var file = Build(lines, room - (room + 255) / 256);
            if (file.Length == size) return file;
            // A block of one byte more needs two bytes more.
            lines--;
        }
    }

    public static byte[] Pdf(int? size = null) => PdfWith("", "", size);

    /// <summary>A one-page PDF; <paramref name="catalog"/> and <paramref name="trailer"/> go into those dictionaries.</summary>
    public static byte[] PdfWith(string catalog, string trailer = "", int? size = null, byte[]? data = null)
    {
        byte[] Build(int padding)
        {
            using var file = new MemoryStream();
            var places = new List<long>();
            void Text(string text) => file.Write(Encoding.Latin1.GetBytes(text));
            void Begin(string dictionary)
            {
                places.Add(file.Position);
                Text($"{places.Count} 0 obj\n{dictionary}");
            }
            Text("%PDF-1.5\n%\u00e2\u00e3\u00cf\u00d3\n");
            Begin($"<< /Type /Catalog /Pages 2 0 R {catalog} >>\nendobj\n");
            Begin("<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
            Begin("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 144] /Contents 4 0 R >>\nendobj\n");
            Begin("<< /Length 14 >>\nstream\n0 0 9 9 re f  \nendstream\nendobj\n");
            var noise = data ?? new byte[padding];
            if (data is null) new Random(1).NextBytes(noise);
            Begin($"<< /Length {noise.Length:D8} {(data is null ? "" : "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")} >>\nstream\r\n");
            file.Write(noise);
            Text("\nendstream\nendobj\n");
            var table = file.Position;
            Text($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
            foreach (var place in places) Text($"{place:D10} 00000 n \n");
            Text($"trailer\n<< /Size {places.Count + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table:D10}\n%%EOF\n");
            return file.ToArray();
        }
        return Build(size is null ? 0 : size.Value - Build(0).Length);
    }

    public static byte[] EncryptedPdf() => PdfWith("", "/Encrypt 6 0 R /ID [<00><00>]");

    public static byte[] Docx(int? size = null) => size is null ? DocxWith() : DocxWith(padding: size.Value - DocxWith(padding: 0).Length);

    /// <summary>A Word document with one paragraph, and whatever else is asked for.</summary>
    public static byte[] DocxWith(
        (string Name, byte[] Content)[]? more = null, string contentType = DocumentType, string document = Document, int? padding = null)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string name, byte[] content, CompressionLevel level = CompressionLevel.Fastest)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
            Add("[Content_Types].xml", Encoding.UTF8.GetBytes($"""
                <?xml version="1.0" encoding="UTF-8"?>
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/octet-stream"/><Override PartName="/word/document.xml" ContentType="{contentType}"/></Types>
                """));
            Add("_rels/.rels", Encoding.UTF8.GetBytes("""
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
                """));
            Add("word/document.xml", Encoding.UTF8.GetBytes(document));
            foreach (var (name, content) in more ?? []) Add(name, content);
            if (padding is { } bytes)
            {
                var noise = new byte[bytes];
                new Random(1).NextBytes(noise);
                Add("word/media/noise.bin", noise, CompressionLevel.NoCompression);
            }
        }
        return file.ToArray();
    }

    public const string DocumentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    public const string MacroDocumentType = "application/vnd.ms-word.document.macroEnabled.main+xml";
    public const string Document = """<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>A reply</w:t></w:r></w:p></w:body></w:document>""";

    public static byte[] MacroDocx() => DocxWith([("word/vbaProject.bin", new byte[100])]);

    public static byte[] EncryptedDocx() => Ole([("EncryptionInfo", new byte[4096]), ("EncryptedPackage", new byte[8192])]);

    /// <summary>A document whose entries say that they need a password.</summary>
    public static byte[] PasswordedZipDocx()
    {
        var file = Docx();
        for (var at = 0; at < file.Length - 46; at++)
        {
            if (file.AsSpan(at).StartsWith("PK\u0001\u0002"u8)) file[at + 8] |= 1;
            if (file.AsSpan(at).StartsWith("PK\u0003\u0004"u8)) file[at + 6] |= 1;
        }
        return file;
    }

    /// <summary>200 MB of nothing in a few hundred kilobytes.</summary>
    public static byte[] ZipBombDocx() => DocxWith([("word/media/bomb.bin", new byte[200 * 1024 * 1024])]);

    public static byte[] Doc(int? size = null) => DocWith([], size);

    /// <summary>A Word 97 document: its text stream, its table stream and whatever else is asked for.</summary>
    public static byte[] DocWith((string Name, byte[] Content)[] more, int? size = null, ushort flags = 0x0200)
    {
        byte[] Build(int bytes)
        {
            var text = new byte[bytes];
            new Random(1).NextBytes(text);
            BinaryPrimitives.WriteUInt16LittleEndian(text, 0xA5EC);
            BinaryPrimitives.WriteUInt16LittleEndian(text.AsSpan(2), 0x00C1);
            BinaryPrimitives.WriteUInt16LittleEndian(text.AsSpan(10), flags);
            return Ole([("WordDocument", text), ("1Table", new byte[4096]), .. more]);
        }
        if (size is null) return Build(4096);
        // The allocation table grows with the file; the few bytes that then are left over follow the last sector.
        var body = (size.Value - Build(4096).Length - size.Value / 128) / 512 * 512 + 4096 - 1024;
        var file = Build(body);
        return [.. file, .. new byte[size.Value - file.Length]];
    }

    public static byte[] EncryptedDoc() => DocWith([], flags: 0x0300);

    public static byte[] MacroDoc() => DocWith([("Macros", [])]);

    /// <summary>A spreadsheet of Excel 97.</summary>
    public static byte[] Xls() => Ole([("Workbook", new byte[4096])]);

    /// <summary>A compound file, version 3: sectors of 512 bytes. An empty stream becomes a storage.</summary>
    public static byte[] Ole((string Name, byte[] Content)[] streams)
    {
        const int sector = 512;
        const uint end = 0xFFFFFFFE, free = 0xFFFFFFFF;
        static int Sectors(int bytes) => (bytes + sector - 1) / sector;

        var directory = Sectors((streams.Length + 1) * 128);
        var content = streams.Sum(stream => Sectors(stream.Content.Length)) + directory;
        int tables = 1, lists = 0;
        while (tables * 128 < content + tables + lists)
        {
            tables++;
            lists = Math.Max(0, (tables - 109 + 126) / 127);
        }
        var file = new byte[(1 + content + tables + lists) * sector];
        var next = Enumerable.Repeat(free, tables * 128).ToArray();
        Span<byte> At(int number) => file.AsSpan((number + 1) * sector);
        void Number(Span<byte> at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(at, value);

        var used = 0;
        int Chain(int count)
        {
            for (var i = 0; i < count; i++) next[used + i] = i == count - 1 ? end : (uint)(used + i + 1);
            used += count;
            return used - count;
        }
        var directoryAt = Chain(directory);
        void Entry(int number, string name, byte type, uint right, uint child, uint start, int bytes)
        {
            var entry = file.AsSpan((directoryAt + 1) * sector + number * 128, 128);
            Encoding.Unicode.GetBytes(name).CopyTo(entry);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[0x40..], (ushort)(name.Length * 2 + 2));
            (entry[0x42], entry[0x43]) = (type, 1);
            Number(entry[0x44..], free);
            Number(entry[0x48..], right);
            Number(entry[0x4C..], child);
            Number(entry[0x74..], start);
            Number(entry[0x78..], (uint)bytes);
        }
        Entry(0, "Root Entry", 5, free, streams.Length > 0 ? 1 : free, end, 0);
        // Siblings stand in order of length, then of name.
        var sorted = streams.OrderBy(stream => stream.Name.Length).ThenBy(stream => stream.Name, StringComparer.OrdinalIgnoreCase).ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            var (name, bytes) = sorted[i];
            var start = bytes.Length == 0 ? end : (uint)Chain(Sectors(bytes.Length));
            if (bytes.Length > 0) bytes.CopyTo(At((int)start));
            Entry(i + 1, name, bytes.Length == 0 ? (byte)1 : (byte)2, i + 2 <= sorted.Length ? (uint)i + 2 : free, free, start, bytes.Length);
        }

        byte[] header = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        header.CopyTo(file, 0);
        foreach (var (at, value) in ((int, ushort)[])[(0x18, 0x3E), (0x1A, 3), (0x1C, 0xFFFE), (0x1E, 9), (0x20, 6)])
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        var firstTable = used;
        var firstList = used + tables;
        foreach (var (at, value) in ((int, uint)[])[(0x2C, (uint)tables), (0x30, (uint)directoryAt), (0x38, 4096), (0x3C, end), (0x44, lists > 0 ? (uint)firstList : end), (0x48, (uint)lists)])
            Number(file.AsSpan(at), value);
        for (var i = 0; i < 109; i++) Number(file.AsSpan(0x4C + i * 4), i < tables ? (uint)(firstTable + i) : free);
        for (var list = 0; list < lists; list++)
        {
            var at = At(firstList + list);
            for (var i = 0; i < 127; i++) Number(at[(i * 4)..], 109 + list * 127 + i is var table && table < tables ? (uint)(firstTable + table) : free);
            Number(at[508..], list + 1 < lists ? (uint)(firstList + list + 1) : end);
        }
        for (var i = 0; i < tables; i++) next[firstTable + i] = 0xFFFFFFFD;
        for (var i = 0; i < lists; i++) next[firstList + i] = 0xFFFFFFFC;
        for (var i = 0; i < next.Length; i++) Number(file.AsSpan((firstTable + 1) * sector + i * 4), next[i]);
        return file;
    }

    private static byte[] SubBlocks(byte[] content) =>
        [.. content.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]), 0];

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] LittleEndian(ushort value) => [(byte)value, (byte)(value >> 8)];

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
