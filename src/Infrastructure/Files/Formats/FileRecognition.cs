using System.Buffers;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>Of which kind a file is, and the name that it is kept under; or why it is not taken, under the name that it came with.</summary>
public readonly record struct RecognisedFile(string Name, FileKind Kind, FileProblem? Problem = null);

/// <summary>
/// The content decides of which kind a file is; the name has to agree. Phones' pickers give names without an extension, and
/// leave "heic" on a photo that they made a JPEG of: then the right extension is added.
/// </summary>
public static class FileRecognition
{
    // What stands behind the last dot of "scan 12.30" or of "Dr.Robinson" is no extension.
    private const int MaxLetters = 4;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <param name="name">As <see cref="SafeFileName"/> makes it.</param>
    /// <param name="head">The first bytes: <see cref="FileKinds.HeadBytes"/>, or all.</param>
    public static RecognisedFile Recognise(string name, ReadOnlySpan<byte> head)
    {
        if (HeifFile.IsOne(head)) return new(name, default, FileProblem.Heic);
        var extension = ExtensionOf(name);
        var named = FileKinds.OfExtension(extension);
        if (named is { } kind && FileKinds.StartsAs(kind, head)) return new(NameFor(kind, name), kind);
        var content = ByContent(head);
        if (content is { } found && MayBeAny(extension)) return new(NameFor(found, name), found);
        return new(name, default, Problem(extension, named, content));
    }

    private static FileProblem Problem(string extension, FileKind? named, FileKind? content)
    {
        if (HeifFile.IsExtension(extension)) return FileProblem.Heic;
        if (named is not null) return content is null ? FileProblem.Damaged : FileProblem.WrongName;
        // Excel's, Pages' and many others' files begin as Word's do.
        return content is null or FileKind.Doc or FileKind.Docx ? FileProblem.WrongType : FileProblem.WrongName;
    }

    /// <summary>The name with an extension that says this kind.</summary>
    public static string NameFor(FileKind kind, string name)
    {
        var extension = ExtensionOf(name);
        if (FileKinds.IsCommon(extension)) return name;
        var stem = FileKinds.OfExtension(extension) is null && !HeifFile.IsExtension(extension) ? name : name[..^extension.Length];
        return SafeFileName.Of(stem + kind.Extension());
    }

    private static bool MayBeAny(string extension) => extension.Length == 0 || HeifFile.IsExtension(extension);

    private static FileKind? ByContent(ReadOnlySpan<byte> head)
    {
        foreach (var kind in Enum.GetValues<FileKind>())
            if (FileKinds.StartsAs(kind, head)) return kind;
        return null;
    }

    /// <summary>With its dot; empty when there is none.</summary>
    private static string ExtensionOf(string name)
    {
        var extension = Path.GetExtension(name);
        if (FileKinds.OfExtension(extension) is not null) return extension;
        var letters = extension.AsSpan(Math.Min(1, extension.Length));
        return letters.Length <= MaxLetters && letters.ContainsAnyExcept(Digits) && !letters.ContainsAnyExcept(LettersAndDigits) ? extension : "";
    }
}
