using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Files of the largest size that are made to cost a check as much work as they can.</summary>
internal static class WorstCases
{
    private const int Size = FileRules.MaxBytes - 1000;

    /// <summary>A block of deflate that says how its letters are packed, and holds none.</summary>
    private static readonly byte[] EmptyBlocks = MakeEmptyBlocks();

    public static IReadOnlyList<(string Name, FileKind Kind, FileProblem? Problem, Func<byte[]> Make)> All { get; } =
    [
        ("450 object streams that share a tail of empty blocks", FileKind.Pdf, null, () => SharedTail(450)),
        ("an object stream of empty blocks", FileKind.Pdf, FileProblem.Damaged, () => Packed("/Filter /FlateDecode", [0x78, 0x9C, .. Repeated(EmptyBlocks, Size - 2000), 3, 0])),
        ("an object stream of empty blocks in the usual code", FileKind.Pdf, FileProblem.Damaged, () => Packed("/Filter /FlateDecode", [0x78, 0x9C, .. Repeated([2, 8, 32, 128, 0], Size - 2000), 3, 0])),
        ("an object stream of random data, expanded", FileKind.Pdf, null, () => Packed("/Filter /FlateDecode", PdfMaker.Flate(Noise(Size - 10_000)))),
        ("an object stream of nothing, expanded", FileKind.Pdf, null, () => Packed("/Filter /FlateDecode", PdfMaker.Flate(new byte[200_000_000]))),
        ("object streams of names, expanded twice", FileKind.Pdf, FileProblem.Damaged, () => ManyPacked("[/FlateDecode /FlateDecode]", PdfMaker.Flate(PdfMaker.Flate(Ascii("5 0 ", "/OpenActio#6e ", 15_000_000))), 40)),
        ("LZW that gains as much as it can", FileKind.Pdf, FileProblem.Damaged, () => Packed("/Filter /LZWDecode", PdfMaker.Lzw(new byte[Size * 8 / 9 - 40_000]))),
        ("numbers in base 85, in base 16, in runs", FileKind.Pdf, null, () => Packed("/Filter [/AHx /A85 /RL]", [.. Enumerable.Repeat((byte)'7', Size - 2000)])),
        ("an object whose objects lie over one another", FileKind.Pdf, FileProblem.Damaged, OverlappingPacked),
        ("opening brackets", FileKind.Pdf, FileProblem.Damaged, () => Pdf("1 0 obj ", "[", Size)),
        ("opening brackets of dictionaries", FileKind.Pdf, FileProblem.Damaged, () => Pdf("1 0 obj ", "<</A", Size)),
        ("opening parentheses", FileKind.Pdf, FileProblem.Damaged, () => Pdf("1 0 obj ", "(", Size)),
        ("one array of numbers", FileKind.Pdf, FileProblem.Damaged, () => Pdf("1 0 obj [", "1 ", Size)),
        ("arrays of numbers", FileKind.Pdf, FileProblem.Damaged, () => Pdf("", "1 0 obj[1 1 1 1 1 1 1 1 1 1 1 1 1 1]endobj ", Size)),
        ("names", FileKind.Pdf, null, () => Pdf("1 0 obj <<", "/JavaScript", Size)),
        ("names with letters as numbers", FileKind.Pdf, null, () => Pdf("", "1 0 obj<</#4aavaScrip#74/A/#4aavaScrip#74/A/#4aavaScrip#74/A>>", Size)),
        ("objects", FileKind.Pdf, FileProblem.Damaged, () => Pdf("", "1 0 obj ", Size)),
        ("objects of nothing", FileKind.Pdf, FileProblem.Damaged, () => Pdf("", "1 0 obj<<>>", Size)),
        ("streams without an end", FileKind.Pdf, FileProblem.Damaged, () => Pdf("", "1 0 obj<<>>stream\n", Size)),
        ("comments", FileKind.Pdf, null, () => Pdf("", "%\n", Size)),
        ("spaces", FileKind.Pdf, null, () => Pdf("", " ", Size)),
        ("types that stand elsewhere", FileKind.Pdf, null, () => Pdf("", number => $"{number} 0 obj<</S {number + 1} 0 R>>endobj ", Size)),
        ("encryption again and again", FileKind.Pdf, FileProblem.PasswordProtected, () => Pdf("", number => $"{number} 0 obj<</Filter/Standard/V 5/R 6/U<{new string('0', 96)}>/O<{new string('0', 96)}>/StmF/A>>endobj trailer<</Encrypt {number} 0 R>>", 1_000_000)),
        ("encryption that opens, again and again", FileKind.Pdf, FileProblem.Damaged, () => Pdf("", number => $"{number} 0 obj{Opening}endobj trailer<</Encrypt {number} 0 R>>", 1_000_000)),
        ("a cross-reference of one object again and again", FileKind.Pdf, null, RepeatedReference),
        ("a cross-reference into one long array", FileKind.Pdf, null, () => OverlappingObjects("[1 2 3 4 5 6 7 8 9 ")),
        ("a cross-reference into one long text", FileKind.Pdf, FileProblem.Damaged, () => OverlappingObjects("(x")),
        ("20 lists of relationships of 150,000 attributes", FileKind.Docx, FileProblem.Damaged, () => Docx(20, i => $"word/_rels/x{i}.rels", _ => Ascii("<R xmlns='x'><R Type='a' ", Attributes(150_000), 1, "/></R>"))),
        ("a list of relationships of 20,000 attributes", FileKind.Docx, FileProblem.Damaged, () => Docx(1, i => $"word/_rels/x{i}.rels", _ => Ascii("<R xmlns='x'><R Type='a' ", Attributes(20_000), 1, "/></R>"))),
        ("lists of relationships of 45 attributes", FileKind.Docx, FileProblem.Damaged, () => Docx(40, i => $"word/_rels/x{i}.rels", _ => Ascii("<R>", $"<R {Attributes(45)}/>", 1_500_000, "</R>"))),
        ("4,000 lists of relationships", FileKind.Docx, FileProblem.Damaged, () => Docx(4_000, i => $"word/_rels/x{i}.rels", _ => "<R/>"u8.ToArray())),
        ("4,900 parts", FileKind.Docx, null, () => Docx(4_900, i => $"word/x{i}.xml", _ => "<a/>"u8.ToArray())),
        ("tags", FileKind.Docx, FileProblem.Damaged, () => Docx(3, i => $"word/x{i}.xml", _ => Ascii("<a>", "<b/>", 40_000_000, "</a>"))),
        ("field codes", FileKind.Docx, FileProblem.Damaged, () => Docx(3, i => $"word/x{i}.xml", _ => Ascii("<instrText>", " ", 40_000_000, "</instrText>"))),
        ("fields", FileKind.Docx, FileProblem.Damaged, () => Docx(3, i => $"word/x{i}.xml", _ => Ascii("<a>", "<fldChar fldCharType='begin'/><instrText>PAGE</instrText><fldChar fldCharType='end'/>", 40_000_000, "</a>"))),
        ("a part of 140 MB", FileKind.Docx, FileProblem.Damaged, () => Docx(1, _ => "word/x.xml", _ => Ascii("<a>", "x", 140_000_000, "</a>"))),
        ("pictures that could not be made smaller", FileKind.Docx, null, () => Docx(1, _ => "word/media/x.jpg", _ => Noise(Size - 450_000), CompressionLevel.Fastest)),
        ("embedded documents", FileKind.Docx, null, () => Docx(100, i => $"word/embeddings/x{i}.docx", _ => SampleFiles.DocxWith([("word/x.xml", Ascii("<a>", "x", 100_000, "</a>"))]))),
        ("beginnings of fields", FileKind.Doc, FileProblem.Damaged, () => SampleFiles.DocWith([("x", [.. Enumerable.Repeat((byte)0x13, Size - 200_000)])])),
        ("pieces of a text that lie over one another", FileKind.Doc, FileProblem.Damaged, OverlappingPieces),
    ];

    // Made with qpdf 11, with the password "secret" for the owner and none for the user.
    private const string Opening =
        "<</Filter/Standard/V 5/R 6/Length 256/P -4/CF<</StdCF<</CFM/AESV3/Length 32>>>>/StmF/StdCF/StrF/StdCF"
        + "/O<5ba2a385c5ce8cfde3f322c07f23af7aae54e126865ef428e2b84818cc31453d721f9c542b215cc2f0573b44690d3a58>"
        + "/U<7b1a65d858448fd0ccd2606ccb6128bca1ed83088c852c6d363136cac6f6097a038b87f9cb2942af7e29b00fe92fb5c5>>>";

    private static byte[] SharedTail(int streams)
    {
        var unit = Encoding.ASCII.GetBytes("\nendstream endobj 1 0 obj<</N 1/First 1/Filter/FlateDecode/X(" + new string('x', 300) + ")>>stream\n\u0078\u0001");
        byte[] stored = [0, (byte)unit.Length, (byte)(unit.Length >> 8), (byte)~unit.Length, (byte)(~unit.Length >> 8), .. unit];
        return Pdf([.. unit[18..], .. Repeated(stored, stored.Length * streams), .. Repeated(EmptyBlocks, Size - 2000 - stored.Length * streams), 3, 0]);
    }

    private static byte[] Packed(string filter, byte[] data) => PdfMaker.WithPage().Stream(4, $"/Type /ObjStm /N 1 /First 4 {filter}", data).End();

    private static byte[] ManyPacked(string filters, byte[] data, int count)
    {
        var pdf = PdfMaker.WithPage();
        for (var i = 0; i < count; i++) pdf.Stream(4 + i, $"/Type /ObjStm /N 1 /First 4 /Filter {filters}", data);
        return pdf.End();
    }

    private static byte[] OverlappingPacked()
    {
        var header = string.Concat(Enumerable.Range(0, 500_000).Select(i => "5 0 "));
        return PdfMaker.WithPage().Stream(4, $"/Type /ObjStm /N 500000 /First {header.Length} /Filter /FlateDecode", PdfMaker.Flate(Ascii(header, "[ 1 2 3 4 5 6 7 8 9", 1_000_000))).End();
    }

    private static byte[] RepeatedReference()
    {
        var text = new StringBuilder("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n");
        while (text.Length < Size - 200) text.Append("1 1\n0000000009 00000 n \n");
        return Encoding.ASCII.GetBytes(text + "trailer<</Root 1 0 R>>startxref\n41\n%%EOF");
    }

    private static byte[] OverlappingObjects(string begin)
    {
        var text = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (; text.Length < Size / 2; text.Append(CultureInfo.InvariantCulture, $"{places.Count} 0 obj {begin}")) places.Add(text.Length);
        var table = text.Length;
        text.Append(CultureInfo.InvariantCulture, $"xref\n0 {places.Count}\n");
        foreach (var place in places) text.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        return Encoding.ASCII.GetBytes(text.ToString(0, Math.Min(text.Length, Size - 200)) + $"trailer<</Root 1 0 R>>startxref\n{table}\n%%EOF");
    }

    private static byte[] Pdf(string begin, string part, int size) => Pdf(Ascii(begin, part, size - 100));

    private static byte[] Pdf(string begin, Func<int, string> part, int size)
    {
        var text = new StringBuilder(begin);
        for (var number = 1; text.Length < size - 300; number++) text.Append(part(number));
        return Pdf(Encoding.ASCII.GetBytes(text.ToString()));
    }

    private static byte[] Pdf(byte[] body) => [.. "%PDF-1.4\n"u8, .. body, .. "\nstartxref\n0\n%%EOF"u8];

    private static byte[] Docx(int parts, Func<int, string> name, Func<int, byte[]> content, CompressionLevel level = CompressionLevel.SmallestSize)
    {
        using var file = new MemoryStream(SampleFiles.Docx().Length * 2);
        file.Write(SampleFiles.Docx());
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            byte[]? same = null;
            for (var i = 0; i < parts; i++)
            {
                using var part = zip.CreateEntry(name(i), level).Open();
                part.Write(same ??= content(i));
            }
        }
        return file.ToArray();
    }

    private static string Attributes(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"a{i}='1' "));

    private static byte[] OverlappingPieces()
    {
        const int pieces = 200_000, letters = 3_000_000;
        var document = new byte[letters + 4096];
        BinaryPrimitives.WriteUInt16LittleEndian(document, 0xA5EC);
        BinaryPrimitives.WriteUInt16LittleEndian(document.AsSpan(2), 0x00C1);
        BinaryPrimitives.WriteUInt16LittleEndian(document.AsSpan(10), 0x0200);
        document.AsSpan(4096).Fill((byte)'x');
        var table = new byte[5 + (pieces + 1) * 4 + pieces * 8];
        table[0] = 2;
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(1), table.Length - 5);
        for (var i = 0; i < pieces; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(5 + i * 4), i % 2 == 0 ? 0 : letters);
            BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(5 + (pieces + 1) * 4 + i * 8 + 2), (4096 * 2) | 0x40000000);
        }
        BinaryPrimitives.WriteInt32LittleEndian(document.AsSpan(0x1A6), table.Length);
        return SampleFiles.Ole([("WordDocument", document), ("1Table", table)]);
    }

    private static byte[] Ascii(string begin, string part, int size, string end = "")
    {
        var count = Math.Max(1, (size - begin.Length - end.Length) / part.Length);
        var all = new byte[begin.Length + count * part.Length + end.Length];
        Encoding.ASCII.GetBytes(begin, all);
        Repeated(Encoding.ASCII.GetBytes(part), count * part.Length).CopyTo(all, begin.Length);
        Encoding.ASCII.GetBytes(end, all.AsSpan(begin.Length + count * part.Length));
        return all;
    }

    private static byte[] Repeated(byte[] part, int size)
    {
        var all = new byte[size / part.Length * part.Length];
        for (var at = 0; at < all.Length; at += part.Length) part.CopyTo(all, at);
        return all;
    }

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Two blocks, which end with a byte: lengths of 1 and 2 bits for three codes of lengths, 256 zeros and one code.</summary>
    private static byte[] MakeEmptyBlocks()
    {
        var bits = new List<int>();
        void Number(int value, int count) => bits.AddRange(Enumerable.Range(0, count).Select(i => (value >> i) & 1));
        for (var block = 0; block < 2; block++)
        {
            Number(0, 1);
            Number(2, 2);
            Number(0, 5);
            Number(0, 5);
            Number(18 - 4, 4);
            foreach (var symbol in (int[])[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1]) Number(symbol switch { 18 => 1, 0 or 1 => 2, _ => 0 }, 3);
            bits.Add(0);
            Number(138 - 11, 7);
            bits.Add(0);
            Number(118 - 11, 7);
            bits.AddRange([1, 1, 1, 0, 0]);
        }
        return [.. bits.Chunk(8).Select(eight => (byte)eight.Select((bit, i) => bit << i).Sum())];
    }
}
