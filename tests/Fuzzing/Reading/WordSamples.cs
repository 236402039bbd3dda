using System.Text;
using PatientResponse.Tests.Infrastructure.Files;

namespace PatientResponse.Tests.Fuzzing.Reading;

internal static class WordSamples
{
    private const string Space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    private const string Relationship = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    public static readonly string[] ZipTokens =
        ["PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "PK\u0007\u0008", "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/vbaProject.bin", "word/embeddings/a.bin"];

    public static readonly string[] DocTokens =
    [
        "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "\xEC\xA5", "\xDC\xA5", "\xFE\xFF\xFF\xFF", "\xFF\xFF\xFF\xFF", "\xFD\xFF\xFF\xFF", Wide("WordDocument"), Wide("1Table"), Wide("Macros"), Wide("EncryptedPackage"), Wide("Root Entry"),
        "\u0013DDEAUTO ", "\u0013 INCLUDETEXT ", "\u0013QUOTE 68", "\u0013", "\u0014", "\u0015", Wide("\u0013DDE "), "PK\u0005\u0006",
    ];

    public static readonly string[] PartTokens =
    [
        PackedDocx.Heading, "\n" + PackedDocx.Heading + "word/_rels/document.xml.rels\n", "\n" + PackedDocx.Heading + "word/embeddings/a.xlsm\n", "\n" + PackedDocx.Heading + "word/printerSettings/printerSettings1.bin\n",
        "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<!--", "-->", "<![CDATA[", "]]>", "&#x44;", "&amp;", "/>", "</", "w:instrText", "w:fldSimple", "w:instr=\"", "w:fldChar", "w:fldCharType=\"begin\"", "w:delInstrText",
        " DDE ", " DDEAUTO ", " INCLUDETEXT ", " INCLUDEPICTURE ", " LINK ", " IMPORT ", " DATABASE ", " QUOTE 68 68 69 ", " PAGE ", " HYPERLINK ", "TargetMode=\"External\"", "Type=\"", "Target=\"",
        "<Override PartName=\"/word/", "<Default Extension=\"", "ContentType=\"", "macroEnabled", "vbaProject", SampleFiles.DocumentType, "/oleObject", "/control", "/aFChunk", "/hyperlink", "/attachedTemplate", "\xFE\xFF", "\xFF\xFE", "\xEF\xBB\xBF",
    ];

    public static IEnumerable<byte[]> Docs() =>
    [
        SampleFiles.Doc(), SampleFiles.EncryptedDoc(), SampleFiles.MacroDoc(), SampleFiles.Xls(), SampleFiles.EncryptedDocx(),
        // A small stream: it shares the root's.
        SampleFiles.Ole([("WordDocument", [0xEC, 0xA5, 0xC1, 0, .. new byte[60]]), ("Macros", [])]),
        SampleFiles.DocWith([("Data", Encoding.Latin1.GetBytes("\u0013 DDEAUTO cmd \u0014x\u0015 \u0013PAGE\u0015" + Wide("\u0013 QUOTE 68 \u0015")))]),
    ];

    public static IEnumerable<byte[]> Docxs() =>
    [
        SampleFiles.Docx(), SampleFiles.MacroDocx(), SampleFiles.PasswordedZipDocx(), SampleFiles.EncryptedDocx(), .. Parts().Select(PackedDocx.Of),
    ];

    /// <summary>For <see cref="PackedDocx"/>.</summary>
    public static IEnumerable<byte[]> Parts() => new[]
    {
        SampleFiles.Docx(),
        SampleFiles.DocxWith(contentType: SampleFiles.MacroDocumentType),
        SampleFiles.DocxWith(document: $"<w:document {Space}><w:body><w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO &quot;c&#58;&quot; </w:instrText></w:r><w:fldSimple w:instr=' PAGE '/></w:p></w:body></w:document>"),
        SampleFiles.DocxWith(document: $"<?xml version=\"1.0\" encoding=\"utf-8\"?><!-- a --><w:document {Space}><w:instrText><![CDATA[ QUOTE 68 ]]></w:instrText></w:document>"),
        SampleFiles.DocxWith([("word/_rels/document.xml.rels", Encoding.UTF8.GetBytes(
            $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"{Relationship}hyperlink\" Target=\"https://nhs.uk\" TargetMode=\"External\"/><Relationship Id=\"b\" Type=\"{Relationship}oleObject\" Target=\"embeddings/a.xlsx\"/></Relationships>")), ("word/embeddings/a.xlsx", [1])]),
        SampleFiles.DocxWith([("word/settings.xml", Encoding.Unicode.GetBytes($"\uFEFF<w:settings {Space}><w:instrText> LINK Excel </w:instrText></w:settings>"))]),
    }.Select(PackedDocx.Unpack);

    private static string Wide(string text) => string.Concat(text.Select(letter => letter + "\0"));
}
