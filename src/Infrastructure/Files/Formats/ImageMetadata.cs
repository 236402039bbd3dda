using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>
/// Removes what a photo tells besides its picture: place, time, device, thumbnails, comments, hidden files after its
/// end. What it is decoded from and its orientation stay, byte for byte; of a colour profile, what colours are made with.
/// </summary>
public static class ImageMetadata
{
    /// <summary>Null when the image can be cleaned without changing a pixel. Its dimensions are only what its header claims.</summary>
    public static FileProblem? Check(Stream source, FileKind kind) => Clean(source, kind, new(source));

    /// <summary>
    /// The cleaned image, read from <paramref name="source"/> (seekable, stays open) as it is asked for, with a known
    /// Length; null when <see cref="Check"/> says what is wrong.
    /// </summary>
    public static Stream? Clean(Stream source, FileKind kind)
    {
        var clean = new SplicedStream(source);
        return Clean(source, kind, clean) is null ? clean : null;
    }

    private static FileProblem? Clean(Stream source, FileKind kind, SplicedStream clean)
    {
        using var image = new FileBytes(source);
        var problem = kind switch
        {
            FileKind.Jpeg => JpegFile.Clean(image, clean),
            FileKind.Png => PngFile.Clean(image, clean),
            FileKind.Gif => GifFile.Clean(image, clean),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), "Only images are cleaned."),
        };
        return problem ?? (clean.HasTooManyPieces ? FileProblem.Damaged : null);
    }
}
