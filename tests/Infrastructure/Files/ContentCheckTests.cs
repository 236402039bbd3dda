using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

public class ContentCheckTests
{
    public static TheoryData<FileKind> Kinds => [.. Enum.GetValues<FileKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void A_sound_file_is_accepted_small_or_of_the_largest_size(FileKind kind)
    {
        Assert.Equal(ContentVerdict.Sound, Check(SampleFiles.Of(kind), kind));
        var largest = SampleFiles.Of(kind, FileRules.MaxBytes);
        Assert.Equal(FileRules.MaxBytes, largest.Length);
        Assert.Equal(ContentVerdict.Sound, Check(largest, kind));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_cut_short_or_scrambled_is_never_a_crash(FileKind kind)
    {
        var file = SampleFiles.Of(kind);
        for (var cut = 0; cut < file.Length; cut += 1 + file.Length / 300)
        {
            Check(file[..cut], kind);
            if (kind.IsImage()) ImageMetadata.Clean(new MemoryStream(file[..cut]), kind);
        }
        var random = new Random(7);
        for (var round = 0; round < 1000; round++)
        {
            var scrambled = (byte[])file.Clone();
            for (var i = 0; i < 8; i++) scrambled[random.Next(random.Next(1, scrambled.Length))] = (byte)random.Next(256);
            Check(scrambled, kind);
            if (kind.IsImage()) ImageMetadata.Clean(new MemoryStream(scrambled), kind)?.CopyTo(Stream.Null);
        }
    }

    [Fact]
    public void Encrypted_documents_are_refused_in_those_words()
    {
        Assert.Equal(FileProblem.PasswordProtected, Check(SampleFiles.EncryptedDocx(), FileKind.Docx).Problem);
        Assert.Equal(FileProblem.PasswordProtected, Check(SampleFiles.PasswordedZipDocx(), FileKind.Docx).Problem);
        Assert.Equal(FileProblem.PasswordProtected, Check(SampleFiles.EncryptedDoc(), FileKind.Doc).Problem);
        Assert.Equal(FileProblem.PasswordProtected, Check(SampleFiles.EncryptedPdf(), FileKind.Pdf).Problem);
    }

    [Fact]
    public void Word_macros_are_refused_in_docx_and_flagged_in_doc()
    {
        Refused(SampleFiles.MacroDocx(), FileKind.Docx, FileProblem.Macros);
        Refused(SampleFiles.DocxWith(contentType: SampleFiles.MacroDocumentType), FileKind.Docx, FileProblem.Macros);
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.MacroDoc(), FileKind.Doc));
    }

    [Fact]
    public void A_zip_bomb_is_refused_also_when_it_lies_about_its_size()
    {
        var bomb = SampleFiles.ZipBombDocx();
        Assert.True(bomb.Length < FileRules.MaxBytes);
        Refused(bomb, FileKind.Docx, FileProblem.Damaged);
        Refused(DeclaredAs(bomb, 10), FileKind.Docx, FileProblem.Damaged);
        Refused(DeclaredAs(SampleFiles.DocxWith([("word/x.bin", new byte[1000])]), 10), FileKind.Docx, FileProblem.Damaged);
    }

    [Fact]
    public void A_zip_of_too_many_parts_is_refused() =>
        Refused(SampleFiles.DocxWith([.. Enumerable.Range(0, 5001).Select(i => ($"word/{i}.bin", Array.Empty<byte>()))]), FileKind.Docx, FileProblem.Damaged);

    [Fact]
    public void Two_parts_of_one_name_are_refused() =>
        Refused(SampleFiles.DocxWith([("word/document.xml", Encoding.UTF8.GetBytes(SampleFiles.Document))]), FileKind.Docx, FileProblem.Damaged);

    [Fact]
    public void A_document_type_definition_is_refused_and_nothing_is_fetched()
    {
        const string attack = """<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>""";
        Refused(SampleFiles.DocxWith(document: attack + SampleFiles.Document), FileKind.Docx, FileProblem.UnwantedPart);
        Refused(SampleFiles.DocxWith([("customXml/item1.xml", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(attack + "<x/>")).ToArray())]), FileKind.Docx, FileProblem.UnwantedPart);
        Assert.Null(Check(SampleFiles.DocxWith([("customXml/item1.xml", "<x/>"u8.ToArray())]), FileKind.Docx).Problem);
    }

    [Fact]
    public void A_docx_that_loads_a_template_from_elsewhere_or_holds_an_object_is_flagged()
    {
        byte[] Related(string type) => SampleFiles.DocxWith([("word/_rels/settings.xml.rels", Encoding.UTF8.GetBytes(
            $"""<Relationships xmlns="x"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type}" Target="https://example.org/x" TargetMode="External"/></Relationships>"""))]);
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Related("attachedTemplate"), FileKind.Docx));
        Assert.Equal(ContentVerdict.Sound, Check(Related("hyperlink"), FileKind.Docx));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocxWith([("word/embeddings/oleObject1.bin", [1])]), FileKind.Docx));
    }

    [Fact]
    public void Other_zip_files_are_no_docx()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("xl/workbook.xml");
        Refused(file.ToArray(), FileKind.Docx);
        Refused(SampleFiles.DocxWith(contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), FileKind.Docx);
        Refused(SampleFiles.Doc(), FileKind.Docx);
    }

    [Fact]
    public void Files_of_other_office_programs_are_no_doc()
    {
        Refused(SampleFiles.Xls(), FileKind.Doc);
        Refused(SampleFiles.Ole([("PowerPoint Document", new byte[4096])]), FileKind.Doc);
        Refused(SampleFiles.Ole([("__properties_version1.0", new byte[4096])]), FileKind.Doc);
        Refused(SampleFiles.Ole([("WordDocument", new byte[4096])]), FileKind.Doc);
    }

    [Fact]
    public void A_compound_file_whose_chain_runs_in_a_circle_is_refused()
    {
        var file = SampleFiles.Doc();
        var directory = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(0x30));
        var table = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(0x4C));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan((table + 1) * 512 + directory * 4), directory);
        Refused(file, FileKind.Doc, FileProblem.Damaged);
    }

    [Fact]
    public void Entries_of_a_compound_file_that_point_at_each_other_end()
    {
        var file = SampleFiles.Xls();
        var directory = (BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(0x30)) + 1) * 512;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(directory + 128 + 0x44), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(directory + 128 + 0x48), 0);
        Refused(file, FileKind.Doc);
    }

    [Theory]
    [InlineData("/OpenAction 9 0 R"), InlineData("/AA << /O 9 0 R >>"), InlineData("/Names << /JavaScript 9 0 R >>"), InlineData("/X << /S /JavaScript/JS(app.alert\\(1\\))>>")]
    [InlineData("/X<</S/J#61vaScript>>"), InlineData("/X << /S /#4Aava#53cript >>"), InlineData("/X << /#4a#53 9 0 R >>"), InlineData("/X << /S /Launch /F (cmd.exe) >>")]
    [InlineData("/Names << /EmbeddedFiles 9 0 R >>"), InlineData("/X << /Type /EmbeddedFile >>"), InlineData("/X << /Subtype /RichMedia >>")]
    [InlineData("/Title (The stream\nof life) /AA << /O 9 0 R >>")]
    public void Active_content_in_a_pdf_is_flagged(string catalog) =>
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.PdfWith(catalog), FileKind.Pdf));

    [Theory]
    [InlineData("/JSX 1"), InlineData("/Lang (en)"), InlineData("/EncryptMetadata false"), InlineData("/X /J#20S")]
    public void Harmless_names_in_a_pdf_are_not_flagged(string catalog) =>
        Assert.Equal(ContentVerdict.Sound, Check(SampleFiles.PdfWith(catalog), FileKind.Pdf));

    [Fact]
    public void Active_content_inside_compressed_objects_is_flagged()
    {
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.PdfWith("", data: Packed("9 0 << /S /JavaScript >>"u8)), FileKind.Pdf));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.PdfWith("", data: Packed("9 0 << /JS 1 0 R >>"u8)), FileKind.Pdf));
        Assert.Equal(ContentVerdict.Sound, Check(SampleFiles.PdfWith("", data: Packed("9 0 << /Type /Font >>"u8)), FileKind.Pdf));
    }

    [Fact]
    public void Compressed_objects_that_cannot_be_looked_into_are_flagged()
    {
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.PdfWith("", data: [1, 2, 3]), FileKind.Pdf));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.PdfWith("", data: Packed(new byte[60 * 1024 * 1024])), FileKind.Pdf));
    }

    [Fact]
    public void Names_that_turn_up_in_the_data_of_a_stream_are_not_flagged()
    {
        var file = SampleFiles.Pdf(100_000);
        "/JS /JavaScript "u8.CopyTo(file.AsSpan(50_000));
        Assert.Equal(ContentVerdict.Sound, Check(file, FileKind.Pdf));
    }

    [Fact]
    public void A_pdf_without_its_end_is_refused() => Refused(SampleFiles.Pdf(10_000)[..5000], FileKind.Pdf, FileProblem.Damaged);

    [Theory]
    [InlineData(0, 100, FileProblem.Damaged), InlineData(100, 0, FileProblem.Damaged), InlineData(30_001, 1, FileProblem.TooManyPixels),
        InlineData(1, 30_001, FileProblem.TooManyPixels), InlineData(10_001, 10_000, FileProblem.TooManyPixels), InlineData(-1, -1, FileProblem.TooManyPixels)]
    public void An_image_of_absurd_dimensions_is_refused(int width, int height, FileProblem problem)
    {
        Assert.Equal(problem, Check(SampleFiles.Png(width: width, height: height), FileKind.Png).Problem);
        Assert.Null(Check(SampleFiles.Png(width: 10_000, height: 10_000), FileKind.Png).Problem);

        var jpeg = SampleFiles.Jpeg();
        var frame = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        Assert.Equal(problem, Check(jpeg, FileKind.Jpeg).Problem);

        var gif = SampleFiles.Gif();
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), (ushort)height);
        Assert.Equal(problem, Check(gif, FileKind.Gif).Problem);
    }

    [Fact]
    public void A_png_whose_header_is_damaged_is_refused()
    {
        var png = SampleFiles.Png();
        png[20] ^= 1;
        Assert.Equal(FileProblem.Damaged, Check(png, FileKind.Png).Problem);
    }

    [Fact]
    public void A_failure_of_the_stream_is_no_verdict() =>
        Assert.All(Enum.GetValues<FileKind>(), kind => Assert.Throws<IOException>(() => ContentCheck.Check(new Failing(SampleFiles.Of(kind)), kind)));

    private static ContentVerdict Check(byte[] file, FileKind kind) => ContentCheck.Check(new MemoryStream(file), kind);

    private static void Refused(byte[] file, FileKind kind, FileProblem problem = FileProblem.WrongType) => Assert.Equal(problem, Check(file, kind).Problem);

    private static byte[] Packed(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(content);
        return packed.ToArray();
    }

    /// <summary>The last part's size in the central directory, changed.</summary>
    private static byte[] DeclaredAs(byte[] docx, int size)
    {
        var last = docx.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(docx.AsSpan(last + 24), size);
        return docx;
    }

    private sealed class Failing(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => throw new IOException();
    }
}
