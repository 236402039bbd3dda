using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Word;

namespace PatientResponse.Infrastructure.Files.Formats;

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

    /// <summary>Other names of a JPEG; some of what clinicians use does not know them.</summary>
    private static readonly string[] OtherJpegs = [".jpe", ".jfif", ".jif", ".pjpeg", ".pjp"];

    /// <summary>".jpg", ".jpeg" and so on: what we tell people that we take.</summary>
    public static IReadOnlyCollection<string> Extensions => ByExtension.Keys;

    /// <summary>What a file input's accept attribute lists: by media type too, for pickers that give no name, or a name without an extension.</summary>
    public static string Accept { get; } =
        string.Join(',', [.. ByExtension.Keys, .. OtherJpegs, "image/jpg", .. Enum.GetValues<FileKind>().Select(MediaType)]);

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

    /// <summary>The kind that an extension, with its dot, stands for.</summary>
    public static FileKind? OfExtension(string extension) =>
        ByExtension.TryGetValue(extension, out var kind) ? kind
        : OtherJpegs.Contains(extension, StringComparer.OrdinalIgnoreCase) ? FileKind.Jpeg
        : null;

    /// <summary>As a clinician's computer knows it: ".jpg" and so on.</summary>
    public static string Extension(this FileKind kind) => ByExtension.First(known => known.Value == kind).Key;

    /// <summary>Whether an extension may stay on a file of this kind.</summary>
    public static bool IsCommon(string extension) => ByExtension.ContainsKey(extension);

    /// <summary>
    /// Whether a file of this kind begins with these bytes. A docx may be wrapped in an OLE file: that is how Word encrypts it,
    /// and <see cref="ContentCheck"/> says so to the patient.
    /// </summary>
    public static bool StartsAs(FileKind kind, ReadOnlySpan<byte> head) => kind switch
    {
        // No more: decoders skip stray bytes behind it.
        FileKind.Jpeg => head.StartsWith<byte>([0xFF, 0xD8]),
        FileKind.Gif => head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8),
        FileKind.Png => head.StartsWith(PngFile.Signature),
        FileKind.Pdf => head[..Math.Min(head.Length, HeadBytes)].TrimStart("\uFEFF\0\t\n\f\r "u8).StartsWith("%PDF-"u8),
        FileKind.Doc => head.StartsWith(OleFile.Signature),
        FileKind.Docx => head.StartsWith(ZipDirectory.Signature) || head.StartsWith(OleFile.Signature),
        _ => false,
    };
}
