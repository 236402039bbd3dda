using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Fuzzing.Reading;

internal static class Pictures
{
    public static IReadOnlyList<Reader> All { get; } =
    [
        new("jpeg", file => Check(file, FileKind.Jpeg), PictureSamples.Jpegs, PictureSamples.JpegTokens),
        new("gif", file => Check(file, FileKind.Gif), PictureSamples.Gifs, PictureSamples.GifTokens),
        new("png", file =>
        {
            Check(file, FileKind.Png);
            // Chance makes no checksums: once more with right ones.
            Check(PngChunks.WithRightChecksums(file), FileKind.Png);
        }, PictureSamples.Pngs, PictureSamples.PngTokens),
        new("exif", tiff =>
        {
            Check(PictureSamples.JpegWithExif(tiff), FileKind.Jpeg);
            Check(PictureSamples.PngWithExif(tiff), FileKind.Png);
        }, PictureSamples.Exifs, "II*\0", "MM\0*", "\x12\x01", "\x01\x12", "Exif\0\0"),
    ];

    private static void Check(byte[] file, FileKind kind)
    {
        using var sent = new MemoryStream(file);
        var verdict = ContentCheck.Check(sent, kind);
        Promise.That(!verdict.ActiveContent, "A picture has no active content.");
        using var dribbling = new DribblingStream(file);
        Promise.That(ContentCheck.Check(dribbling, kind) == verdict, "The verdict does not depend on where a read ends.");

        using var clean = ImageMetadata.Clean(sent, kind);
        using var cleanDribbling = ImageMetadata.Clean(dribbling, kind);
        Promise.That((clean is null) == (cleanDribbling is null), "Whether it can be cleaned does not depend on where a read ends.");
        // Only a sound picture is kept.
        if (clean is null || verdict.Problem is not null) return;
        var kept = Bytes.Of(clean);
        Promise.That(kept.Length == clean.Length, "A cleaned picture is as long as it says.");
        Promise.That(kept.AsSpan().SequenceEqual(Bytes.Of(cleanDribbling!)), "A cleaned picture does not depend on where a read ends.");
        Promise.That(FileKinds.StartsAs(kind, kept), "A cleaned picture is still of its kind.");
        Promise.That(Leftovers.In(kept, kind) is null, "A cleaned picture holds nothing but a picture.");

        using var stored = new MemoryStream(kept);
        Promise.That(ContentCheck.Check(stored, kind) == verdict, "A cleaned picture is as sound as it was.");
        using var again = ImageMetadata.Clean(stored, kind);
        Promise.That(again is not null && Bytes.Of(again).AsSpan().SequenceEqual(kept), "A cleaned picture is clean.");
    }
}
