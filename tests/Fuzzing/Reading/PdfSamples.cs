using System.Text;
using PatientResponse.Tests.Infrastructure.Files;

namespace PatientResponse.Tests.Fuzzing.Reading;

internal static class PdfSamples
{
    public static readonly string[] Tokens =
    [
        "%PDF-1.7\n", "%%EOF", "startxref\n", "xref\n", "trailer", " 0 obj", "endobj", "stream\n", "stream\r\n", "\nendstream", "<<", ">>", "[", "]", "(", ")", "\\(", "\\)", "%", "#4A",
        "/Type", "/ObjStm", "/XRef", "/N 1", "/First 4", "/Length 9", "/Length 9 0 R", "/Filter", "/FlateDecode", "/Fl", "/LZWDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode", "/Crypt",
        "/DecodeParms", "/Predictor 12", "/Columns 4", "/Encrypt", "/EFF", "/StmF", "/StrF", "/Identity", "/Standard", "/V 4", "/R 4", "/P -4", "/O", "/U",
        "/ID", "/Root 1 0 R", "/Info", "/Title", "/Prev 0", "/XRefStm 0", "/W [1 2 1]", "/Index [0 5]", "/Size 6", "/Extends",
        "/OpenAction", "/AA", "/A", "/S", "/GoTo", "/GoToR", "/GoToE", "/JavaScript", "/JS", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/Named", "/RichMedia", "/EmbeddedFile", "/EmbeddedFiles",
        "/XFA", "/Dest", "/D", "/Next", "/Names", "/Catalog", "/Pages", "/Fit", "1 0 R", "65535 f \n", "00000 n \n", "PK\u0005\u0006", "PK\u0003\u0004",
    ];

    public static IEnumerable<byte[]> Whole() =>
    [
        SampleFiles.Pdf(),
        SampleFiles.EncryptedPdf(),
        SampleFiles.PdfWith("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        SampleFiles.PdfWith("/OpenAction [3 0 R /Fit] /Info << /Title (100% /JavaScript \\( stream ) >>"),
        .. Unpacked().Select(PackedPdf.Of),
    ];

    /// <summary>For <see cref="PackedPdf"/>.</summary>
    public static IEnumerable<byte[]> Unpacked()
    {
        string[] texts =
        [
            With("", "", "<</Root 1 0 R /Size 6>>"),
            With("5 0 obj\n<</Type/ObjStm/N 1/First 4/Length 0/Filter/FlateDecode>>\nstream\n6 0 <</S/GoTo/D[3 0 R/Fit]>>\nendstream\nendobj\n", "/OpenAction 6 0 R", "<</Root 1 0 R>>"),
            With("5 0 obj\n<</Type/ObjStm/N 1/First 4/Length 0/Filter[/FlateDecode/FlateDecode]>>\nstream\n6 0 <</S/JavaScript/JS(app.alert\\(1\\))>>\nendstream\nendobj\n", "/OpenAction 6 0 R", "<</Root 1 0 R>>"),
            With("5 0 obj\n<</Type/ObjStm/N 2/First 8/Length 0>>\nstream\n6 0 7 5 (s) /URI\nendstream\nendobj\n", "/AA<</O 6 0 R>>", "<</Root 1 0 R/Info<</Title(\\(/Launch%)>> >>"),
            With("5 0 obj\n<</Type/XRef/W[1 2 1]/Size 6/Root 1 0 R/Length 0/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>>>\nstream\n\u0002\u0001\u0000\u0010\u0000\nendstream\nendobj\n", "", "<</Root 1 0 R/Prev 9>>"),
            With("5 0 obj\n<</Filter/Standard/V 4/R 4/P -4/O(0123456789abcdef0123456789abcdef)/U(0123456789abcdef0123456789abcdef)/StmF/StdCF>>\nendobj\n", "", "<</Root 1 0 R/Encrypt 5 0 R/ID[<00><00>]>>"),
            With("5 0 obj\n<</Type/EmbeddedFile/Length 0/Filter/Fl>>\nstream\nHello\nendstream\nendobj\n", "/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/EF<</F 5 0 R>>>>]>>>>", "<</Root 1 0 R>>"),
        ];
        return texts.Select(Encoding.Latin1.GetBytes);
    }

    private static string With(string objects, string catalog, string trailer) =>
        $"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R{catalog}>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        + $"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>\nendobj\n4 0 obj\n<</Length 0>>\nstream\n0 0 9 9 re f\nendstream\nendobj\n{objects}trailer\n{trailer}";
}
