using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>What of a Word 97–2003 document acts.</summary>
public class DocCheckTests
{
    private const int TextAt = 0x400;

    [Theory]
    [InlineData("A reply", false), InlineData("\u0013 PAGE \u00141\u0015", false), InlineData("\u0013HYPERLINK \"https://example.org/link\"\u0014link\u0015", false), InlineData("LINK DDEAUTO QUOTE", false)]
    [InlineData("\u0013 LINK Excel.Sheet.8 x \u0014\u0015", true), InlineData("\u0013INCLUDEPICTURE \"x\"\u0015", true), InlineData("\u0013 IMPORT x\u0015", true), InlineData("\u0013 DATABASE x\u0015", true), InlineData("\u0013 RD x\u0015", true)]
    [InlineData("\u0013 IF 1 = 1 \u0013 link x\u0015\u0015", true), InlineData("\u0013\u0013 REF a \u0015 cmd\u0015", true), InlineData("\u0013 SomethingNew \u0015", true), InlineData("\u0013 QUOTE 68 68\u0015", true)]
    public void A_field_is_judged_by_its_name(string text, bool flagged)
    {
        Assert.Equal(new(null, flagged), Check(Doc(false, text)));
        Assert.Equal(new(null, flagged), Check(Doc(true, text)));
    }

    [Fact]
    public void A_field_in_several_pieces_of_the_text_is_put_together()
    {
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Doc(true, "\u0013 LI", "NK x \u0015")));
        Assert.Equal(ContentVerdict.Sound, Check(Doc(true, "\u0013 PA", "GE \u0015", "NK")));
    }

    [Theory]
    [InlineData("https://example.org/x.dot", "", true), InlineData(@"\\example.org\x.dot", "", true), InlineData(@"C:\Templates\Normal.dot", "", false), InlineData("Normal", "", false), InlineData("Normal", "people.xls", true)]
    public void A_template_from_a_network_and_data_to_be_merged_are_flagged(string template, string data, bool flagged) =>
        Assert.Equal(new(null, flagged), Check(Doc(true, ["x"], ["", template, "", "", "", "", "", "", data, ""])));

    [Theory]
    [InlineData("Workbook"), InlineData("Book"), InlineData("Package"), InlineData("PowerPoint Document"), InlineData("\u0003OCXDATA"), InlineData("\u0003LinkInfo"), InlineData("VBA")]
    public void Embedded_files_and_controls_are_flagged(string part)
    {
        // Only below the root: there it would be another program's file.
        var file = SampleFiles.DocWith([("ObjectPool", []), (part, new byte[4096])]);
        Below(file, "ObjectPool", part);
        Assert.Equal(ContentVerdict.WithActiveContent, Check(file));
        Assert.Equal(ContentVerdict.Sound, Check(SampleFiles.DocWith([("ObjectPool", [])])));
    }

    [Theory]
    [InlineData("theme/theme/theme1.xml", false), InlineData("theme/media/image1.jpeg", false), InlineData("drs/shapexml.xml", false), InlineData("tableStyles.xml", false)]
    [InlineData("a.class", true), InlineData("theme/a.exe", true), InlineData("word/document.xml", true), InlineData("content.xml", true)]
    public void A_zip_file_in_which_Word_keeps_a_theme_or_a_drawing_is_part_of_the_document(string part, bool flagged)
    {
        var file = SampleFiles.DocWith([("Data", [.. new byte[1000], .. Zipped(part), .. new byte[4000]])]);
        // Whoever looks from the end finds it.
        Assert.InRange(file.Length - file.AsSpan().LastIndexOf("PK\u0005\u0006"u8), 1, 60_000);
        Assert.Equal(new(null, flagged), Check(file));
    }

    [Fact]
    public void A_zip_file_that_is_no_part_of_the_document_is_refused_even_if_it_looks_like_a_theme()
    {
        var theme = Zipped("theme/theme/theme1.xml");
        var sound = SampleFiles.DocWith([("Data", [.. theme, .. new byte[4000]])]);
        Assert.Equal(ContentVerdict.Sound, Check(sound));
        foreach (var behind in (byte[][])[[], [0], new byte[600]])
            foreach (var document in (byte[][])[sound, SampleFiles.Doc()])
                Assert.Equal(FileProblem.WrongType, Check([.. document, .. theme, .. behind]).Problem);
        // In sectors that belong to nothing: the third entry is "Data".
        sound[(BinaryPrimitives.ReadInt32LittleEndian(sound.AsSpan(0x30)) + 1) * 512 + 3 * 128 + 0x42] = 0;
        Assert.Equal(FileProblem.WrongType, Check(sound).Problem);
        // A directory of names that is not there.
        var broken = SampleFiles.DocWith([("Data", [.. theme[..^6], 0xFF, .. theme[^5..], .. new byte[4000]])]);
        Assert.Equal(ContentVerdict.Sound, Check(broken));
        broken = SampleFiles.DocWith([("Data", [.. theme[..^10], 0xFF, .. theme[^9..], .. new byte[4000]])]);
        Assert.Equal(ContentVerdict.WithActiveContent, Check(broken));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(1000), InlineData(60_000)]
    public void A_document_that_is_a_zip_file_too_is_refused_whatever_follows(int behind)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntry("a.class");
        foreach (var (kind, sound) in ((FileKind, byte[])[])[(FileKind.Doc, SampleFiles.Doc()), (FileKind.Pdf, SampleFiles.Pdf())])
        {
            byte[] both = [.. sound, .. zip.ToArray(), .. new byte[behind]];
            Assert.Equal(FileProblem.WrongType, ContentCheck.Check(new MemoryStream(both), kind).Problem);
            Assert.Equal(ContentVerdict.Sound, ContentCheck.Check(new MemoryStream([.. sound, .. "PK\u0005\u0006"u8, .. Enumerable.Repeat((byte)1, 100)]), kind));
        }
    }

    [Fact]
    public void A_document_that_is_damaged_could_not_be_read() => Assert.Equal(FileProblem.Damaged, Check(SampleFiles.Doc()[..700]).Problem);

    private static byte[] Zipped(string part)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in (string[])["[Content_Types].xml", "_rels/.rels", part]) archive.CreateEntry(name);
        return zip.ToArray();
    }

    private static byte[] Doc(bool isNarrow, params string[] pieces) => Doc(isNarrow, pieces, []);

    /// <summary>A document whose text lies in pieces, in letters of one byte or of two.</summary>
    private static byte[] Doc(bool isNarrow, string[] pieces, string[] associated)
    {
        var document = new byte[8192];
        BinaryPrimitives.WriteUInt16LittleEndian(document, 0xA5EC);
        BinaryPrimitives.WriteUInt16LittleEndian(document.AsSpan(2), 0x00C1);
        BinaryPrimitives.WriteUInt16LittleEndian(document.AsSpan(10), 0x0200);
        var (positions, descriptors) = (new List<byte>(Four(0)), new List<byte>());
        var (at, letters) = (TextAt, 0);
        foreach (var piece in pieces)
        {
            var bytes = (isNarrow ? Encoding.Latin1 : Encoding.Unicode).GetBytes(piece);
            bytes.CopyTo(document, at);
            descriptors.AddRange([0, 0, .. Four(isNarrow ? (at * 2) | 0x40000000 : at), 0, 0]);
            positions.AddRange(Four(letters += piece.Length));
            at += bytes.Length + 50;
        }
        byte[] table = [.. positions, .. descriptors];
        byte[] changes = [1, 3, 0, 9, 9, 9];
        byte[] pieceTable = [.. changes, 2, .. Four(table.Length), .. table];
        byte[] names = [0xFF, 0xFF, (byte)associated.Length, 0, 0, 0, .. associated.SelectMany(name => (byte[])[(byte)name.Length, 0, .. Encoding.Unicode.GetBytes(name)])];
        var stream = new byte[4096];
        pieceTable.CopyTo(stream, 100);
        names.CopyTo(stream, 2000);
        foreach (var (place, value) in ((int, int)[])[(0x1A2, 100), (0x1A6, pieceTable.Length), (0x19A, 2000), (0x19E, names.Length)])
            BinaryPrimitives.WriteInt32LittleEndian(document.AsSpan(place), value);
        return SampleFiles.Ole([("WordDocument", document), ("1Table", stream)]);
    }

    private static byte[] Four(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];

    /// <summary>Moves an entry of the directory below another one.</summary>
    private static void Below(byte[] file, string storage, string part)
    {
        var directory = (BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(0x30)) + 1) * 512;
        Span<byte> Entry(int number) => file.AsSpan(directory + number * 128, 128);
        string Name(int number) => Encoding.Unicode.GetString(Entry(number)[..(BinaryPrimitives.ReadUInt16LittleEndian(Entry(number)[0x40..]) - 2)]);
        var numbers = Enumerable.Range(1, 4).ToDictionary(Name);
        var moved = numbers[part];
        // It leaves the chain of its siblings, each of which points to the next.
        var next = BinaryPrimitives.ReadInt32LittleEndian(Entry(moved)[0x48..]);
        if (moved == 1) BinaryPrimitives.WriteInt32LittleEndian(Entry(0)[0x4C..], next);
        else BinaryPrimitives.WriteInt32LittleEndian(Entry(moved - 1)[0x48..], next);
        BinaryPrimitives.WriteInt32LittleEndian(Entry(moved)[0x48..], -1);
        BinaryPrimitives.WriteInt32LittleEndian(Entry(numbers[storage])[0x4C..], moved);
    }

    private static ContentVerdict Check(byte[] file) => ContentCheck.Check(new MemoryStream(file), FileKind.Doc);
}
