using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using static PatientResponse.Tests.Infrastructure.Files.Pictures;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Files made to be one thing for us and another for the clinician's computer.</summary>
public class HostileFilesTests
{
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    public static TheoryData<FileKind> Pictures => new(FileKind.Jpeg, FileKind.Png, FileKind.Gif);

    [Theory, MemberData(nameof(Pictures))]
    public void Nothing_hides_behind_the_end_of_a_picture(FileKind kind)
    {
        var picture = SampleFiles.Of(kind);
        foreach (var hidden in new[] { SampleFiles.Docx(), SampleFiles.Pdf(), "<script>alert(1)</script>"u8.ToArray() })
            Assert.Equal(Clean(picture, kind), Clean([.. picture, .. hidden], kind));
    }

    [Fact]
    public void A_pdf_that_begins_as_a_picture_is_neither()
    {
        byte[] file = [0xFF, 0xD8, 0xFF, 0xE0, .. SampleFiles.Pdf()];
        Assert.Equal(FileProblem.WrongName, FileRecognition.Recognise("a.pdf", file).Problem);
        Assert.Equal(FileProblem.Damaged, Check(file, FileKind.Jpeg).Problem);
        Assert.Equal(FileProblem.WrongName, FileRecognition.Recognise("a.pdf", "GIF89a%PDF-1.5"u8).Problem);
    }

    [Fact]
    public void A_document_that_is_a_zip_file_too_is_refused()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntry("a.class");
        Refused([.. SampleFiles.Pdf(), .. zip.ToArray()], FileKind.Pdf);
        Refused([.. SampleFiles.Doc(), .. zip.ToArray()], FileKind.Doc);
    }

    [Fact]
    public void A_docx_that_other_programs_would_read_otherwise_is_refused()
    {
        // Some read from the front, some from the end.
        Refused([.. SampleFiles.MacroDocx(), .. SampleFiles.Docx()], FileKind.Docx, FileProblem.Damaged);
        Refused([.. "PK\u0003\u0004MZ"u8, .. new byte[300], .. SampleFiles.Docx()], FileKind.Docx, FileProblem.Damaged);
        var gap = SampleFiles.Docx();
        var directory = gap.AsSpan().IndexOf("PK\u0001\u0002"u8);
        byte[] widened = [.. gap[..directory], .. new byte[100], .. gap[directory..]];
        BinaryPrimitives.WriteInt32LittleEndian(widened.AsSpan(widened.Length - 6), directory + 100);
        Refused(widened, FileKind.Docx, FileProblem.Damaged);
        // The name that stands before an entry is not the name in the directory.
        var renamed = SampleFiles.DocxWith([("word/a.bin", [1])]);
        "word/b.bin"u8.CopyTo(renamed.AsSpan(renamed.AsSpan().IndexOf("word/a.bin"u8)));
        Refused(renamed, FileKind.Docx, FileProblem.Damaged);
    }

    [Fact]
    public void A_docx_that_was_written_as_a_stream_is_accepted()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(new Forward(file), ZipArchiveMode.Create))
        using (var from = new ZipArchive(new MemoryStream(SampleFiles.Docx())))
            foreach (var entry in from.Entries)
            {
                using var target = zip.CreateEntry(entry.FullName).Open();
                using var source = entry.Open();
                source.CopyTo(target);
            }
        var docx = file.ToArray();
        Assert.True((docx[6] & 8) != 0); // Its sizes follow its entries.
        Assert.Equal(ContentVerdict.Sound, Check(docx, FileKind.Docx));
    }

    [Theory]
    [InlineData(Office + "image", "https://example.org/pixel.png", true)]
    [InlineData(Office + "aFChunk", "https://example.org/x.html", true)]
    [InlineData(Office + "anythingNew", "\\\\example.org\\share", true)]
    [InlineData(Office + "hyperlink", "https://example.org/", false)]
    public void Whatever_a_docx_fetches_by_itself_is_flagged(string type, string target, bool flagged) =>
        Assert.Equal(new(null, flagged), Check(Related($"""Type="{type}" Target="{target}" TargetMode="External" """), FileKind.Docx));

    [Theory]
    [InlineData(Office + "aFChunk", "part.rtf")]
    [InlineData(Office + "oleObject", "elsewhere/x.dat")]
    [InlineData(Office + "control", "x.xml")]
    public void Objects_inside_a_docx_are_flagged_wherever_they_lie(string type, string target) =>
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Related($"""Type="{type}" Target="{target}" """), FileKind.Docx));

    [Fact]
    public void A_docx_whose_macros_have_another_name_is_refused() =>
        Refused(Related("""Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="x.bin" """), FileKind.Docx, FileProblem.Macros);

    [Fact]
    public void A_docx_whose_parts_we_could_not_read_is_refused_or_flagged()
    {
        var docx = SampleFiles.DocxWith(document: "<?xml version='1.0' encoding='windows-1252'?>" + SampleFiles.Document);
        Assert.Null(Record.Exception(() => Check(docx, FileKind.Docx)));
        Assert.NotEqual(ContentVerdict.Sound, Check(docx, FileKind.Docx));
        Assert.Equal(ContentVerdict.Sound, Check(SampleFiles.DocxWith(document: "<?xml version='1.0' encoding='UTF-8'?>" + SampleFiles.Document), FileKind.Docx));

        var types = $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="{SampleFiles.DocumentType}"/><Override PartName="/word/footer.dat" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>""";
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in new[] { ("[Content_Types].xml", types), ("word/document.xml", SampleFiles.Document), ("word/footer.dat", "<x/>") })
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }
        Refused(file.ToArray(), FileKind.Docx);
    }

    [Theory]
    [InlineData("word/embeddings/x.docm", true), InlineData("word/embeddings/x.xls", true), InlineData("word/embeddings/x.xlsx", false)]
    public void Embedded_documents_that_may_hold_macros_are_flagged(string part, bool flagged) =>
        Assert.Equal(new(null, flagged), Check(SampleFiles.DocxWith([(part, [1])]), FileKind.Docx));

    [Theory]
    [InlineData("""<w:r><w:instrText xml:space="preserve"> DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" </w:instrText></w:r>""", true)]
    [InlineData("""<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText> cmd</w:instrText></w:r>""", true)]
    [InlineData("""<w:r><w:instrText>DD</w:instrText></w:r><w:r><w:rPr/><w:instrText>EAUTO cmd</w:instrText></w:r>""", true)]
    [InlineData("""<w:r><w:instrText>&#68;&#x44;EAUTO cmd</w:instrText></w:r>""", true)]
    [InlineData("""<w:r><w:instrText><![CDATA[DDEAUTO]]> cmd</w:instrText></w:r>""", true)]
    [InlineData("""<w:fldSimple w:instr=' ddeauto cmd "a>b"'><w:r/></w:fldSimple>""", true)]
    [InlineData("""<w:fldSimple w:dirty="a>b" w:instr="INCLUDETEXT \\\\example.org\\x"/>""", true)]
    [InlineData("""<w:r><w:instrText> QUOTE 68 68 69 65 85 84 79 </w:instrText></w:r>""", true)]
    [InlineData("""<w:r><w:instrText> HYPERLINK "https://example.org/hidden/addendum" </w:instrText></w:r><w:r><w:t>DDEAUTO</w:t></w:r>""", false)]
    [InlineData("""<w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:instrText> DATE \@ "dd" </w:instrText></w:r><!-- DDEAUTO -->""", false)]
    public void Fields_that_run_or_fetch_something_are_flagged(string body, bool flagged)
    {
        foreach (var document in new[] { body, new string(' ', 100_000) + body })
        {
            var xml = SampleFiles.Document.Replace("<w:p>", "<w:p>" + document, StringComparison.Ordinal);
            Assert.Equal(new(null, flagged), Check(SampleFiles.DocxWith(document: xml), FileKind.Docx));
            using var unicode = new MemoryStream();
            using (var writer = new StreamWriter(unicode, Encoding.Unicode, leaveOpen: true)) writer.Write($"<w:ftr xmlns:w=\"x\">{document}</w:ftr>");
            Assert.Equal(new(null, flagged), Check(SampleFiles.DocxWith([("word/footer1.xml", unicode.ToArray())]), FileKind.Docx));
        }
    }

    [Fact]
    public void A_field_in_a_very_long_document_is_found_without_much_memory()
    {
        var text = new string('x', 30_000_000);
        var document = SampleFiles.Document.Replace("A reply", text, StringComparison.Ordinal)
            .Replace("</w:body>", $"<w:p w:x=\"{text}\"><w:fldSimple w:instr=\"DDEAUTO cmd\"/></w:p></w:body>", StringComparison.Ordinal);
        var docx = SampleFiles.DocxWith([("word/media/noise.bin", RandomBytes(400_000))], document: document);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = Check(docx, FileKind.Docx);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        Assert.Equal(ContentVerdict.WithActiveContent, verdict);
    }

    [Theory]
    [InlineData("/A << /S /SubmitForm /F (https://example.org) >>"), InlineData("/A << /S /GoToR /F (\\\\\\\\example.org\\\\x) >>")]
    [InlineData("/A << /S /ImportData >>"), InlineData("/A << /S /GoToE >>")]
    public void Actions_that_reach_out_of_a_pdf_are_flagged(string catalog) =>
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.PdfWith(catalog), FileKind.Pdf));

    [Theory]
    [InlineData("/Type /ObjStm ", "")]
    [InlineData("/Type /ObjStm ", "/Type /#4fbjStm ")]
    [InlineData(">>\nstream", ">> %x\nstream")]
    [InlineData(">>\nstream", ">>\nstream ")]
    [InlineData("/Filter /FlateDecode", "/Filter 9 0 R")]
    [InlineData("/Filter /FlateDecode", "/Filter [/ASCIIHexDecode /FlateDecode]")]
    public void Compressed_objects_are_found_however_they_are_written(string written, string instead)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write("9 0 << /JS 1 0 R >>"u8);
        var pdf = Encoding.Latin1.GetString(SampleFiles.PdfWith("", data: packed.ToArray()));
        var at = pdf.LastIndexOf(written, StringComparison.Ordinal);
        Assert.True(at > 0);
        pdf = pdf[..at] + instead + pdf[(at + written.Length)..];
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Encoding.Latin1.GetBytes(pdf), FileKind.Pdf));
    }

    [Theory]
    [InlineData("Equation Native"), InlineData("\u0001Ole10Native"), InlineData("_VBA_PROJECT_CUR")]
    public void Objects_in_a_doc_that_run_code_are_flagged(string stream) =>
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocWith([(stream, new byte[4096])]), FileKind.Doc));

    [Fact]
    public void A_field_in_a_doc_that_starts_a_program_is_flagged()
    {
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocWith([("0Table", [.. new byte[2000], .. "\u0013 DDEAUTO cmd"u8, .. new byte[3000]])]), FileKind.Doc));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocWith([("0Table", [.. new byte[40_000], .. Encoding.Unicode.GetBytes("\u0013IF\u0013ddeauto cmd"), .. new byte[3000]])]), FileKind.Doc));
    }

    [Fact]
    public void A_jpeg_of_endless_scans_is_refused()
    {
        var jpeg = SampleFiles.Jpeg();
        var scan = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xDA]);
        byte[] Scans(int count) => [.. jpeg[..scan], .. Enumerable.Repeat(jpeg[scan..^2], count).SelectMany(bytes => bytes), 0xFF, 0xD9];
        Assert.NotNull(Clean(Scans(20), FileKind.Jpeg));
        Assert.Null(Clean(Scans(2000), FileKind.Jpeg));
    }

    [Theory, InlineData("IDAT"), InlineData("gAMA"), InlineData("IEND")]
    public void A_png_with_a_damaged_part_is_refused(string type)
    {
        byte[] gamma = SampleFiles.PngChunk("gAMA", [0, 0, 0, 1]);
        var sound = SampleFiles.Png();
        byte[] png = [.. sound[..33], .. gamma, .. sound[33..]];
        Assert.NotNull(Clean(png, FileKind.Png));
        png[png.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(type)) + 4] ^= 1;
        Assert.Null(Clean(png, FileKind.Png));
    }

    [Fact]
    public void A_moving_png_stays_as_it_is_and_one_of_absurd_frames_is_refused()
    {
        var sound = SampleFiles.Png();
        byte[] Animated(int width, int height, int left, int frames) =>
        [
            .. sound[..33], .. SampleFiles.PngChunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), .. sound[33..^12],
            .. Enumerable.Range(0, frames).SelectMany(_ => (byte[])[
                .. SampleFiles.PngChunk("fcTL", [.. Four(1), .. Four(width), .. Four(height), .. Four(left), .. Four(0), 0, 1, 0, 10, 0, 0]),
                .. SampleFiles.PngChunk("fdAT", [.. Four(2), 1])]),
            .. sound[^12..],
        ];
        Assert.Contains("fdAT", Encoding.Latin1.GetString(Clean(Animated(2048, 1, 0, 2), FileKind.Png)!), StringComparison.Ordinal);
        Assert.Null(Clean(Animated(2049, 1, 0, 1), FileKind.Png));
        Assert.Null(Clean(Animated(2048, 1, 1, 1), FileKind.Png));
        Assert.Null(Clean(Animated(2048, 0, 0, 1), FileKind.Png));
        Assert.Null(Clean(Animated(-1, 1, 0, 1), FileKind.Png));
    }

    [Fact]
    public void A_moving_gif_of_more_pixels_than_a_browser_can_show_is_refused()
    {
        var gif = SampleFiles.Gif();
        var picture = gif.AsSpan().IndexOf<byte>([0x2C, 0, 0, 0, 0]);
        var end = gif.Length - 1;
        var large = gif[picture..end];
        BinaryPrimitives.WriteUInt16LittleEndian(large.AsSpan(5), 10_000);
        BinaryPrimitives.WriteUInt16LittleEndian(large.AsSpan(7), 10_000);
        byte[] Frames(int count) => [.. gif[..picture], .. Enumerable.Repeat(large, count).SelectMany(bytes => bytes), 0x3B];
        Assert.NotNull(Clean(Frames(5), FileKind.Gif));
        Assert.Null(Clean(Frames(50), FileKind.Gif));
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Related(string relationship) => SampleFiles.DocxWith(
        [("word/_rels/document.xml.rels", Encoding.UTF8.GetBytes($"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" {relationship}/></Relationships>"""))]);

    private static ContentVerdict Check(byte[] file, FileKind kind) => ContentCheck.Check(new MemoryStream(file), kind);

    private static void Refused(byte[] file, FileKind kind, FileProblem problem = FileProblem.WrongType) => Assert.Equal(problem, Check(file, kind).Problem);

    /// <summary>Cannot be sought, as a response that is being sent.</summary>
    private sealed class Forward(Stream target) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer, offset, count);
    }
}
