using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Word;

namespace PatientResponse.Infrastructure.Files;

/// <summary>The kinds of file that a patient can send.</summary>
public enum FileKind
{
    Jpeg,
    Gif,
    Png,
    Pdf,
    Doc,
    Docx,
}

/// <summary>How a kind is named and recognised.</summary>
public static class FileKinds
{
    /// <summary>So many leading bytes are enough to recognise any kind.</summary>
    public const int HeadBytes = 1024;

    private static readonly Dictionary<string, FileKind> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = FileKind.Jpeg,
        [".jpeg"] = FileKind.Jpeg,
        [".gif"] = FileKind.Gif,
        [".png"] = FileKind.Png,
        [".pdf"] = FileKind.Pdf,
        [".doc"] = FileKind.Doc,
        [".docx"] = FileKind.Docx,
    };

    /// <summary>".jpg", ".jpeg" and so on: what a file input's accept attribute lists.</summary>
    public static IReadOnlyCollection<string> Extensions => ByExtension.Keys;

    public static bool IsImage(this FileKind kind) => kind is FileKind.Jpeg or FileKind.Gif or FileKind.Png;

    public static string MediaType(this FileKind kind) => kind switch
    {
        FileKind.Jpeg => "image/jpeg",
        FileKind.Gif => "image/gif",
        FileKind.Png => "image/png",
        FileKind.Pdf => "application/pdf",
        FileKind.Doc => "application/msword",
        FileKind.Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>
    /// The kind that the name's extension says, when the leading bytes agree; null otherwise. A docx may be wrapped in an
    /// OLE file: that is how Word encrypts it, and <see cref="ContentCheck"/> says so to the patient.
    /// </summary>
    public static FileKind? Detect(string name, ReadOnlySpan<byte> head) =>
        ByExtension.TryGetValue(Path.GetExtension(name), out var kind) && StartsAs(kind, head) ? kind : null;

    /// <summary>Whether a file of this kind begins with these bytes.</summary>
    public static bool StartsAs(FileKind kind, ReadOnlySpan<byte> head) => kind switch
    {
        FileKind.Jpeg => head.StartsWith<byte>([0xFF, 0xD8, 0xFF]),
        FileKind.Gif => head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8),
        FileKind.Png => head.StartsWith(PngFile.Signature),
        FileKind.Pdf => head[..Math.Min(head.Length, HeadBytes)].TrimStart("\uFEFF\0\t\n\f\r "u8).StartsWith("%PDF-"u8),
        FileKind.Doc => head.StartsWith(OleFile.Signature),
        FileKind.Docx => head.StartsWith(ZipDirectory.Signature) || head.StartsWith(OleFile.Signature),
        _ => false,
    };
}
