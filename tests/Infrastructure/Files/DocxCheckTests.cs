using System.Globalization;
using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>What is a Word document, and what of it acts.</summary>
public class DocxCheckTests
{
    private const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    private const string StrictOffice = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
    private const string Sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    private const string MacroSheet = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";

    [Theory]
    [InlineData("word/document.xml", "word/document.xml", Office), InlineData("/word/document2.xml", "word/document2.xml", Office), InlineData("story/main.xml", "story/main.xml", StrictOffice)]
    public void The_main_part_is_the_one_that_the_package_names(string target, string name, string relationships) =>
        Assert.Equal(ContentVerdict.Sound, Check(Package(target, name, Word + "document.main+xml", relationships)));

    [Theory]
    [InlineData("application/vnd.ms-word.document.macroEnabled.main+xml", FileProblem.Macros), InlineData("application/vnd.ms-word.template.macroEnabledTemplate.main+xml", FileProblem.Macros)]
    [InlineData(Word + "template.main+xml", FileProblem.WrongType), InlineData(Sheet, FileProblem.WrongType), InlineData("application/xml", FileProblem.WrongType)]
    public void Only_the_main_parts_type_decides_what_it_is(string type, FileProblem problem) =>
        Assert.Equal(problem, Check(Package("word/document.xml", "word/document.xml", type)).Problem);

    [Fact]
    public void A_package_without_a_main_part_or_with_two_is_no_document()
    {
        Assert.Equal(FileProblem.WrongType, Check(Package("word/document.xml", "word/elsewhere.xml", Word + "document.main+xml")).Problem);
        Assert.Equal(FileProblem.WrongType, Check(Zip(("[Content_Types].xml", Types(("word/document.xml", Word + "document.main+xml"))), ("word/document.xml", SampleFiles.Document))).Problem);
        Assert.Equal(FileProblem.WrongType, Check(Zip(("[Content_Types].xml", Types(("a.xml", Word + "document.main+xml"), ("b.xml", Sheet))),
            ("_rels/.rels", Relationships((Office + "officeDocument", "a.xml", ""), (Office + "officeDocument", "b.xml", ""))), ("a.xml", "<a/>"), ("b.xml", "<b/>"))).Problem);
    }

    [Fact]
    public void Printer_settings_as_Word_on_Windows_writes_them_are_harmless() =>
        Assert.Equal(ContentVerdict.Sound, Check(With(
            ("word/printerSettings/printerSettings1.bin", "\u0001\u0002", Word + "printerSettings"),
            ("word/_rels/document.xml.rels", Relationships((Office + "printerSettings", "printerSettings/printerSettings1.bin", "")), null))));

    [Theory]
    [InlineData("\n"), InlineData("\r\n\r\n"), InlineData("\0\0\0")]
    public void A_few_bytes_behind_the_zip_do_no_harm(string behind)
    {
        Assert.Equal(ContentVerdict.Sound, Check([.. SampleFiles.Docx(), .. Encoding.ASCII.GetBytes(behind)]));
        Assert.Equal(FileProblem.Damaged, Check([.. SampleFiles.Docx(), .. "PK\u0005\u0006"u8, .. new byte[40]]).Problem);
    }

    [Theory]
    [InlineData("x.docx", Word + "document.main+xml", false), InlineData("x.xlsx", Sheet, false), InlineData("x.XLSX", Sheet, false), InlineData("x.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", false)]
    [InlineData("x.xlsx", MacroSheet, true), InlineData("x.docx", SampleFiles.MacroDocumentType, true), InlineData("x.xlsx", "application/vnd.ms-excel.sheet.binary.macroEnabled.main", true)]
    [InlineData("x.xlsm", MacroSheet, true), InlineData("x.xlsb", Sheet, true), InlineData("x.bin", Sheet, true), InlineData("x.docm", Word + "document.main+xml", true), InlineData("x.xls", Sheet, true), InlineData("x.docx", "application/vnd.ms-visio.drawing.main+xml", true)]
    public void An_embedded_file_is_judged_by_what_is_inside(string name, string mainType, bool flagged) =>
        Assert.Equal(new(null, flagged), Check(SampleFiles.DocxWith([("word/embeddings/" + name, Package("main.xml", "main.xml", mainType))])));

    [Fact]
    public void An_embedded_file_that_hides_something_is_flagged()
    {
        byte[] Holding(byte[] inner) => SampleFiles.DocxWith([("word/embeddings/x.docx", inner)]);
        Assert.Equal(ContentVerdict.Sound, Check(Holding(SampleFiles.Docx())));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding(SampleFiles.MacroDocx())));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding(SampleFiles.Xls())));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding(SampleFiles.PasswordedZipDocx())));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding(Holding(SampleFiles.Docx()))));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding(SampleFiles.DocxWith([("word/x.xml", Bytes("""<w:fldSimple w:instr="DDE cmd"/>"""))]))));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding([.. SampleFiles.Docx()[..300]])));
    }

    [Theory]
    [InlineData("INCLUDEPICTURE \"https://example.org/x.png\""), InlineData("INCLUDEPICTURE \"x.png\" \\d"), InlineData("LINK Excel.Sheet.12 \"c:\\\\x.xlsx\""), InlineData("IMPORT x.png"), InlineData("INCLUDE x.doc"), InlineData("INCLUDETEXT x.doc")]
    [InlineData("DATABASE \\d \"c:\\\\x.mdb\""), InlineData("DDE cmd x"), InlineData("DDEAUTO cmd x"), InlineData("RD x.docx"), InlineData("QUOTE 68 68 69"), InlineData("HTMLCONTROL x"), InlineData("PRINT x"), InlineData("SomethingNew x")]
    [InlineData("linK x"), InlineData("  \t LINK"), InlineData("\"LINK\""), InlineData("&#76;INK x"), InlineData("L&#x49;NK x")]
    public void Fields_that_are_not_known_to_be_harmless_are_flagged(string code) => FieldIs(code, flagged: true);

    [Theory]
    [InlineData("PAGE \\* MERGEFORMAT"), InlineData(" HYPERLINK \"https://example.org/link/import/database\" \\o \"LINK\""), InlineData("TOC \\o \"1-3\" \\h \\z \\u"), InlineData("= 1 + 2"), InlineData("=SUM(ABOVE)"), InlineData("")]
    [InlineData("ADDIN ZOTERO_ITEM CSL_CITATION {\"title\":\"Import and link a database\"}"), InlineData("DATE \\@ \"dd MMMM yyyy\""), InlineData("MERGEFIELD Link"), InlineData("FORMTEXT"), InlineData("EMBED Excel.Sheet.12"), InlineData("MACROBUTTON NoMacro Click here"), InlineData("REF link \\h"), InlineData("SEQ Figure")]
    public void Fields_that_show_what_is_in_the_document_are_not_flagged(string code) => FieldIs(code, flagged: false);

    [Theory]
    // In pieces, inside another field, and where the text in between is a result.
    [InlineData("{LI|NK x}", true), InlineData("{ IF 1 = 1 { LINK x } }", true), InlineData("{ HYPERLINK \"x\" ; see { LINK x } }", true), InlineData("{ PAGE ; LINK }", false)]
    [InlineData("{ IF { MERGEFIELD a } = \"LINK\" ; no }", false), InlineData("{ IF{ MERGEFIELD a } = 1 }", false), InlineData("{ DATE } DDEAUTO { PAGE }", false)]
    // A name that another field's result would make.
    [InlineData("{ { REF a } \"x\" }", true), InlineData("{ L{ REF a } x }", true), InlineData("{ DDE{ REF a } x }", true), InlineData("{ PAGE { REF a } }", false)]
    // Without an end.
    [InlineData("{ LINK", true), InlineData("{ PAGE", false), InlineData("} ; LINK", true), InlineData("{{{{", true)]
    public void Fields_are_told_apart_by_their_marks(string fields, bool flagged)
    {
        var xml = string.Concat(fields.Select(letter => letter switch
        {
            '{' => """</w:instrText></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">""",
            ';' => """</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:instrText>""",
            '}' => """</w:instrText></w:r><w:r><w:fldChar w:x="1" w:fldCharType = "&#101;nd" /></w:r><w:r><w:instrText>""",
            '|' => "</w:instrText></w:r><w:r><w:rPr><w:b/></w:rPr><w:instrText>",
            _ => $"{letter}",
        }));
        Assert.Equal(new(null, flagged), Check(SampleFiles.DocxWith(document: SampleFiles.Document.Replace("<w:t>", $"<w:instrText>{xml}</w:instrText><w:t>", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("word/document.xml"), InlineData("word/header1.xml"), InlineData("word/footnotes.xml"), InlineData("word/comments.xml"), InlineData("word/glossary/document.xml"), InlineData("word/odd.dat"), InlineData("elsewhere/x.xml")]
    public void A_field_is_found_in_every_part(string part)
    {
        byte[] Holding(string code) => With((part, $"""<x:ftr xmlns:x="x"><mc:AlternateContent><x:fldSimple x:instr="{code}"/></mc:AlternateContent></x:ftr>""", Word + "footer+xml"));
        Assert.Equal(ContentVerdict.Sound, Check(Holding("PAGE")));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Holding("LINK x")));
    }

    [Fact]
    public void A_field_is_found_whatever_the_prefix_and_the_encoding()
    {
        string Xml(string prefix) => $"""<{prefix}:a><{prefix}:instrText>LINK x</{prefix}:instrText></{prefix}:a>""";
        foreach (var xml in (string[])[Xml("w"), Xml(new('p', 200)), Xml("w").Replace("w:", "", StringComparison.Ordinal), "<!-- ' --><?x ' ?>" + Xml("w"), "<a b='>\"'>" + Xml("w") + "</a>"])
            foreach (var encoding in (Encoding[])[new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode])
                Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocxWith([("word/x.xml", [.. encoding.GetPreamble(), .. encoding.GetBytes(xml)])])));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocxWith([("word/x.xml", Bytes("<?xml version='1.0' encoding='utf-7'?><a/>"))])));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(SampleFiles.DocxWith([("word/x.xml", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("<a/>")])])));
        Assert.Equal(ContentVerdict.Sound, Check(SampleFiles.DocxWith([("word/x.xml", Bytes("<?xml version=\"1.0\" encoding = \"Utf-8\"?><a/>"))])));
    }

    [Theory]
    [InlineData("attachedTemplate", true), InlineData("image", true), InlineData("oleObject", true), InlineData("frame", true), InlineData("mailMergeSource", true), InlineData("subDocument", true), InlineData("hyperlink", false)]
    public void What_is_fetched_from_outside_is_flagged(string type, bool flagged)
    {
        foreach (var relationships in (string[])[Office, StrictOffice])
            Assert.Equal(new(null, flagged), Check(With(("word/_rels/document.xml.rels", Relationships((relationships + type, "https://example.org/x", """TargetMode=" External" """)), null))));
        Assert.Equal(new(null, flagged), Check(With(("word/_rels/document.xml.rels", Relationships((Office + type, @"\\example.org\x", "")), null))));
    }

    [Fact]
    public void What_is_said_to_lie_outside_is_flagged_even_without_an_address()
    {
        byte[] Related(string mode) => With(("word/_rels/document.xml.rels", Relationships((Office + "image", "x.png", mode)), null));
        Assert.Equal(ContentVerdict.Sound, Check(Related("")));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Related("""TargetMode="External" """)));
    }

    [Theory]
    [InlineData("Normal.dotm", false), InlineData(@"file:///C:\Program%20Files\Letter.dot", false), InlineData("file:///Users/ann/Letter.dotx", false), InlineData("Macintosh%20HD:Users:ann:Letter.dotx", false), InlineData(@"C:\Letter.dot", false)]
    [InlineData("https://example.org/x.dotm", true), InlineData("http:example.org/x.dotm", true), InlineData(@"\\example.org\x.dotm", true), InlineData("//example.org/x.dotm", true), InlineData("%5C%5Cexample.org%5Cx.dotm", true), InlineData(@"\??\UNC\example.org\x.dotm", true)]
    [InlineData("file://example.org/x.dotm", true), InlineData("file:////example.org/x.dotm", true), InlineData(@"FILE:///\\example.org\x.dotm", true), InlineData("file:///%5c%5cexample.org/x.dotm", true), InlineData("file:///C:/https://example.org", true), InlineData("C:&#10;x.dotm", true)]
    public void The_writer_s_own_template_is_harmless_and_one_of_a_network_is_not(string template, bool flagged)
    {
        foreach (var relationships in (string[])[Office, StrictOffice])
            Assert.Equal(new(null, flagged), Check(With(("word/_rels/settings.xml.rels", Relationships((relationships + "attachedTemplate", template, """TargetMode="External" """)), null))));
    }

    [Theory]
    [InlineData("aFChunk", true), InlineData("subDocument", true), InlineData("control", true), InlineData("oleObject", true), InlineData("customXml", false), InlineData("package", false), InlineData("image", false), InlineData("glossaryDocument", false)]
    public void What_runs_or_is_another_document_is_flagged_inside_too(string type, bool flagged) =>
        Assert.Equal(new(null, flagged), Check(With(("word/_rels/document.xml.rels", Relationships((Office + type, "x.dat", "")), null))));

    [Theory]
    [InlineData("""<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:dataSource r:id="rId1"/></w:mailMerge>""", true)]
    [InlineData("""<w:mailMerge><w:connectString w:val="x"/></w:mailMerge>""", true)]
    [InlineData("""<w:mailMerge><w:mainDocumentType w:val="formLetters"/></w:mailMerge><x:query/>""", false)]
    [InlineData("""<v:shape><v:imagedata src="https://example.org/x.png"/></v:shape>""", true)]
    [InlineData("""<v:shape><v:imagedata r:id="rId1" o:title="https://example.org"/></v:shape>""", false)]
    public void Data_and_pictures_from_elsewhere_are_flagged(string xml, bool flagged) =>
        Assert.Equal(new(null, flagged), Check(With(("word/settings.xml", $"<w:settings>{xml}</w:settings>", Word + "settings+xml"))));

    [Fact]
    public void A_document_type_is_refused_in_every_part()
    {
        byte[] Holding(string xml) => SampleFiles.DocxWith([("word/x.xml", Bytes(xml))]);
        Assert.Equal(FileProblem.UnwantedPart, Check(Holding("<!DOCTYPE x [<!ENTITY e 'DDE'>]><x/>")).Problem);
        Assert.Equal(ContentVerdict.Sound, Check(Holding("<x><!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE x>]]></x>")));
    }

    [Fact]
    public void A_part_that_is_damaged_or_of_another_size_than_it_says_could_not_be_read()
    {
        var noise = SampleFiles.DocxWith([("word/media/x.png", [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * i >> 3))])]);
        Assert.Equal(ContentVerdict.Sound, Check(noise));
        noise[noise.AsSpan().IndexOf("word/media/x.png"u8) + 60] ^= 0xFF;
        Assert.Equal(FileProblem.Damaged, Check(noise).Problem);
    }

    private static void FieldIs(string code, bool flagged)
    {
        var expected = new ContentVerdict(null, flagged);
        string Document(string field) => SampleFiles.Document.Replace("<w:t>", field + "<w:t>", StringComparison.Ordinal);
        Assert.Equal(expected, Check(SampleFiles.DocxWith(document: Document($"""<w:fldChar w:fldCharType="begin"/><w:instrText>{code}</w:instrText><w:fldChar w:fldCharType="end"/>"""))));
        Assert.Equal(expected, Check(SampleFiles.DocxWith(document: Document($"<w:fldSimple w:dirty='true' w:instr='{code.Replace("'", "&apos;", StringComparison.Ordinal)}'><w:r/></w:fldSimple>"))));
    }

    private static byte[] With(params (string Name, string Content, string? Type)[] parts) => Zip(
    [
        ("[Content_Types].xml", Types([("word/document.xml", Word + "document.main+xml"), .. parts.Where(part => part.Type is not null && part.Name != "word/document.xml").Select(part => (part.Name, part.Type!))])),
        ("_rels/.rels", Relationships((Office + "officeDocument", "word/document.xml", ""))),
        .. parts.Any(part => part.Name == "word/document.xml") ? [] : new (string, string)[] { ("word/document.xml", SampleFiles.Document) },
        .. parts.Select(part => (part.Name, part.Content)),
    ]);

    private static byte[] Package(string target, string name, string type, string relationships = Office) => Zip(
        ("[Content_Types].xml", Types((name, type))), ("_rels/.rels", Relationships((relationships + "officeDocument", target, ""))), (name, "<a/>"));

    private static string Types(params (string Part, string Type)[] parts) =>
        $"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{string.Concat(parts.Select(part => $"""<Override PartName="/{part.Part}" ContentType="{part.Type}"/>"""))}</Types>""";

    private static string Relationships(params (string Type, string Target, string More)[] all) =>
        $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(all.Select((to, i) => string.Create(CultureInfo.InvariantCulture, $"""<Relationship Id="r{i}" Type="{to.Type}" Target="{to.Target}" {to.More}/>""")))}</Relationships>""";

    private static byte[] Zip(params (string Name, string Content)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Bytes(content));
            }
        return file.ToArray();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ContentVerdict Check(byte[] file) => ContentCheck.Check(new MemoryStream(file), FileKind.Docx);
}
