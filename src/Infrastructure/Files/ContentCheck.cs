namespace PatientResponse.Infrastructure.Files;

/// <summary>A problem refuses the file. Active content (scripts, macros, embedded files) is shown to the clinician as a warning.</summary>
public readonly record struct ContentVerdict(FileProblem? Problem, bool ActiveContent)
{
    public static ContentVerdict Sound { get; }

    public static ContentVerdict WithActiveContent { get; } = new(null, true);

    public static ContentVerdict Refused(FileProblem problem) => new(problem, false);
}

/// <summary>Whether a file is what it says it is, all through. Reads under limits: a few buffers, whatever the file claims.</summary>
public static class ContentCheck
{
    /// <summary>Failures of the stream itself pass through.</summary>
    public static ContentVerdict Check(Stream seekable, FileKind kind) => kind switch
    {
        FileKind.Docx => DocxCheck.Check(seekable),
        FileKind.Doc => DocCheck.Check(seekable),
        FileKind.Pdf => PdfCheck.Check(seekable),
        _ => ImageSize.Read(seekable, kind) is { } size && size.IsSensible
            ? ContentVerdict.Sound
            : ContentVerdict.Refused(FileProblem.WrongType),
    };
}
