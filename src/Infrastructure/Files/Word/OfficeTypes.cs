namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>Content types and relationships of Office's packages (ECMA-376 part 1, 15; MS-OFFMACRO2).</summary>
internal static class OfficeTypes
{
    private const string Document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private static readonly string[] Plain =
    [
        Document,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    ];

    /// <summary>Parts that run, or that another program than Word opens or loads.</summary>
    private static readonly string[] ActiveRelationships =
    [
        "/oleObject", "/control", "/activeXControlBinary", "/aFChunk", "/subDocument", "/externalLink", "/connections", "/xlMacrosheet",
        "/xlIntlMacrosheet", "/webextension", "/webextensiontaskpanes", "/mailMergeSource", "/mailMergeHeaderSource", "/frame",
    ];

    public static bool IsDocument(string type) => type.Equals(Document, StringComparison.OrdinalIgnoreCase);

    /// <summary>A document, a workbook or a presentation without macros.</summary>
    public static bool IsPlain(string type) => Plain.Contains(type, StringComparer.OrdinalIgnoreCase);

    public static bool IsMacroEnabled(string type) => type.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase);

    public static bool IsMacros(string type) => type.Contains("vbaProject", StringComparison.OrdinalIgnoreCase);

    public static bool IsXml(string type) => type.EndsWith("xml", StringComparison.OrdinalIgnoreCase);

    public static bool IsObject(string type) =>
        type.Contains("oleObject", StringComparison.OrdinalIgnoreCase) || type.Contains("activeX", StringComparison.OrdinalIgnoreCase);

    public static bool RelatesTo(string relationship, string end) => relationship.EndsWith("/" + end, StringComparison.OrdinalIgnoreCase);

    public static bool IsActive(string relationship) => ActiveRelationships.Any(end => relationship.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
