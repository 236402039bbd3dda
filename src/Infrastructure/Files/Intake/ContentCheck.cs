using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Pdf;
using PatientResponse.Infrastructure.Files.Word;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>A problem refuses the file. Active content (scripts, macros, embedded files, what cannot be looked into) is shown to the clinician as a warning.</summary>
public readonly record struct ContentVerdict(FileProblem? Problem, bool ActiveContent)
{
    public static ContentVerdict Sound { get; }

    public static ContentVerdict WithActiveContent { get; } = new(null, true);

    public static ContentVerdict Refused(FileProblem problem) => new(problem, false);
}

/// <summary>
/// Whether a file is what it says it is, all through. So many at a time, each with so much work and no more
/// (<see cref="CheckSlots"/>, <see cref="CheckWork"/>); a document is read into memory first, so that a failure of its stream,
/// which passes through, is never mistaken for damage inside.
/// </summary>
public static class ContentCheck
{
    /// <summary>Waits for its turn. Failures of the stream itself pass through.</summary>
    public static async Task<ContentVerdict> CheckAsync(Stream seekable, FileKind kind, CancellationToken cancellation = default)
    {
        using var slot = await CheckSlots.TakeAsync(cancellation);
        if (kind.IsImage()) return CheckImage(seekable, kind);
        return IsTooLarge(seekable) ? TooLarge : CheckDocument(await slot.LoadAsync(seekable, cancellation), kind, cancellation);
    }

    /// <inheritdoc cref="CheckAsync"/>
    public static ContentVerdict Check(Stream seekable, FileKind kind, CancellationToken cancellation = default)
    {
        using var slot = CheckSlots.Take(cancellation);
        if (kind.IsImage()) return CheckImage(seekable, kind);
        return IsTooLarge(seekable) ? TooLarge : CheckDocument(slot.Load(seekable), kind, cancellation);
    }

    private static ContentVerdict TooLarge => ContentVerdict.Refused(FileProblem.TooLarge);

    private static bool IsTooLarge(Stream seekable) => seekable.Length > FileRules.MaxBytes;

    private static ContentVerdict CheckImage(Stream seekable, FileKind kind) =>
        ImageMetadata.Check(seekable, kind) is { } problem ? ContentVerdict.Refused(problem) : ContentVerdict.Sound;

    private static ContentVerdict CheckDocument(ReadOnlyMemory<byte> file, FileKind kind, CancellationToken cancellation) =>
        Check(file, kind, new(cancellation));

    internal static ContentVerdict Check(ReadOnlyMemory<byte> document, FileKind kind, CheckWork work)
    {
        try
        {
            return kind switch
            {
                FileKind.Docx => DocxCheck.Check(document, work),
                FileKind.Doc => DocCheck.Check(document, work),
                FileKind.Pdf => PdfCheck.Check(document, work),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            };
        }
        catch (TooMuchWorkException)
        {
            return ContentVerdict.Refused(FileProblem.Damaged);
        }
    }
}
