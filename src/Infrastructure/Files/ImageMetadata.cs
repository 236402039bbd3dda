namespace PatientResponse.Infrastructure.Files;

/// <summary>
/// Removes what a photo tells besides its picture: place, time, device, thumbnails, comments, hidden files after its
/// end. Pixels, colour profile and orientation stay, byte for byte.
/// </summary>
public static class ImageMetadata
{
    /// <summary>
    /// The cleaned image, read from <paramref name="source"/> (seekable, stays open) as it is asked for, with a known
    /// Length; null when the image is malformed.
    /// </summary>
    public static Stream? Clean(Stream source, FileKind kind)
    {
        var clean = new SplicedStream(source);
        var whole = kind switch
        {
            FileKind.Jpeg => JpegFile.TryClean(source, clean),
            FileKind.Png => PngFile.TryClean(source, clean),
            FileKind.Gif => GifFile.TryClean(source, clean),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), "Only images are cleaned."),
        };
        return whole && !clean.HasTooManyPieces ? clean : null;
    }
}
