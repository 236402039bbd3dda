using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>PDF and Word, as they come in, and packed by us: chance makes no checksum and no deflated data.</summary>
internal static class Documents
{
    public static IReadOnlyList<Reader> All { get; } =
    [
        new("pdf", file => Check(file, FileKind.Pdf), PdfSamples.Whole, PdfSamples.Tokens),
        new("pdf-packed", text => Check(PackedPdf.Of(text), FileKind.Pdf), PdfSamples.Unpacked, PdfSamples.Tokens),
        new("doc", file => Check(file, FileKind.Doc), WordSamples.Docs, WordSamples.DocTokens),
        new("docx", file => Check(file, FileKind.Docx), WordSamples.Docxs, WordSamples.ZipTokens),
        new("docx-parts", text => Check(PackedDocx.Of(text), FileKind.Docx), WordSamples.Parts, WordSamples.PartTokens),
    ];

    private static void Check(byte[] file, FileKind kind)
    {
        using var whole = new MemoryStream(file);
        var verdict = ContentCheck.Check(whole, kind);
        Promise.That(verdict.Problem is null || !verdict.ActiveContent, "A file that is refused has nothing to warn of.");
        using var dribbling = new DribblingStream(file);
        Promise.That(ContentCheck.Check(dribbling, kind) == verdict, "The verdict does not depend on where a read ends.");
    }
}
