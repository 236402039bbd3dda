using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using static PatientResponse.Tests.Infrastructure.Files.Pictures;

namespace PatientResponse.Tests.Infrastructure.Files;

public class ImageMetadataTests
{
    [Theory]
    [InlineData("gps_DSCN0010.jpg", 1, true), InlineData("gps_DSCN0025.jpg", 1, true), InlineData("landscape_1.jpg", 1, false), InlineData("landscape_3.jpg", 3, false)]
    [InlineData("landscape_6.jpg", 6, false), InlineData("landscape_8.jpg", 8, false), InlineData("portrait_1.jpg", 1, false)]
    [InlineData("portrait_3.jpg", 3, false), InlineData("portrait_6.jpg", 6, false), InlineData("portrait_8.jpg", 8, false)]
    public void A_photo_loses_where_and_when_it_was_taken_but_not_a_pixel_nor_its_orientation(string photo, int orientation, bool hasPlace)
    {
        var original = Photo(photo);
        var before = new Photograph(original);
        Assert.Equal(orientation, before.Orientation);
        Assert.Equal(hasPlace, before.HasPlace);

        var after = new Photograph(Clean(original, FileKind.Jpeg)!);
        Assert.Equal(orientation, after.Orientation);
        Assert.False(after.HasPlace);
        Assert.Equal(orientation == 1 ? 0 : 1, after.DirectoryEntries);
        Assert.Equal(before.Picture, after.Picture);
        Assert.True(after.Picture.Length > 100_000);
        Assert.DoesNotContain("NIKON", Encoding.Latin1.GetString(after.File), StringComparison.Ordinal);
        Assert.Null(ContentCheck.Check(new MemoryStream(after.File), FileKind.Jpeg).Problem);
    }

    [Theory, InlineData("gps_DSCN0010.jpg", FileKind.Jpeg), InlineData("portrait_8.jpg", FileKind.Jpeg)]
    public void A_clean_photo_stays_as_it_is(string photo, FileKind kind)
    {
        var once = Clean(Photo(photo), kind)!;
        Assert.Equal(once, Clean(once, kind));
    }

    [Fact]
    public void A_jpeg_keeps_its_colours_and_loses_everything_else()
    {
        var picture = SampleFiles.Jpeg()[20..];
        byte[] colours = Segment(0xEE, "Adobe\0\u0001\u0002\u0003\u0004\u0005\u0006"u8);
        byte[] file =
        [
            0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9]), .. Segment(0xE0, "JFXX\0secret"u8),
            .. Segment(0xE1, [.. "Exif\0\0"u8, .. Sideways]), .. Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0secret"u8), .. Segment(0xE2, "MPF\0secret"u8),
            .. Segment(0xED, "Photoshop secret"u8), .. Segment(0xFE, "secret"u8), .. Segment(0xEB, "secret"u8), .. colours, .. picture, .. "secret"u8, .. SampleFiles.Jpeg(),
        ];
        var clean = Clean(file, FileKind.Jpeg)!;
        byte[] expected =
        [
            0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
            .. Segment(0xE1, [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]), .. colours, .. picture[4..],
        ];
        Assert.Equal(expected, clean);
    }

    [Fact]
    public void A_photo_without_its_end_is_closed()
    {
        var file = SampleFiles.Jpeg();
        Assert.Equal(Clean(file, FileKind.Jpeg), Clean(file[..^2], FileKind.Jpeg));
    }

    [Fact]
    public void A_png_keeps_its_picture_and_its_orientation_and_loses_everything_else()
    {
        var chunks = SampleFiles.Png();
        var head = chunks[..33];
        var data = chunks[(chunks.AsSpan().IndexOf("IDAT"u8) - 4)..];
        var colours = SampleFiles.PngChunk("gAMA", [0, 0, 0, 1]);
        byte[] file =
        [
            .. head, .. SampleFiles.PngChunk("tEXt", "a\0secret"u8.ToArray()), .. colours, .. SampleFiles.PngChunk("eXIf", Sideways),
            .. SampleFiles.PngChunk("tIME", new byte[7]), .. SampleFiles.PngChunk("zTXt", [1]), .. SampleFiles.PngChunk("iTXt", [1]),
            .. SampleFiles.PngChunk("prVt", [1]), .. data, .. "secret"u8,
        ];
        byte[] turned = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        Assert.Equal([.. head, .. colours, .. SampleFiles.PngChunk("eXIf", turned), .. data], Clean(file, FileKind.Png)!);
        Assert.Null(Clean([.. head, .. SampleFiles.PngChunk("ABcD", []), .. data], FileKind.Png));
        Assert.Null(Clean(file[..^30], FileKind.Png));
    }

    [Fact]
    public void A_gif_keeps_its_pictures_and_its_loop_and_loses_everything_else()
    {
        var gif = SampleFiles.Gif();
        var loop = gif.AsSpan().IndexOf("NETSCAPE2.0"u8) - 3;
        var comment = gif.AsSpan().IndexOf<byte>([0x21, 0xFE]);
        byte[] bare = [.. gif[..comment], .. gif[(comment + 3)..]];
        byte[] other = [0x21, 0xFF, 11, .. "XMP DataXMP"u8, 6, .. "secret"u8, 0];
        byte[] text = [0x21, 0x01, 12, .. new byte[12], 6, .. "secret"u8, 0];
        byte[] told = [.. gif[..loop], .. other, .. gif[loop..comment], 0x21, 0xFE, 6, .. "secret"u8, 0, .. text, .. gif[(comment + 3)..], .. "secret"u8];
        Assert.Equal(bare, Clean(told, FileKind.Gif)!);
        Assert.Equal(bare, Clean(bare[..^1], FileKind.Gif)!);
        Assert.Null(Clean(bare[..^40], FileKind.Gif));
    }

    [Fact]
    public void An_animated_gif_with_one_absurd_picture_is_refused()
    {
        var gif = SampleFiles.Gif();
        var picture = gif.AsSpan().IndexOf<byte>([0x2C, 0, 0, 0, 0]);
        gif.AsSpan(picture + 5, 4).Fill(0xFF);
        Assert.Null(Clean(gif, FileKind.Gif));
    }

    [Fact]
    public void Images_that_would_fill_the_memory_with_pieces_are_refused()
    {
        var gif = SampleFiles.Gif();
        var picture = gif.AsSpan().IndexOf<byte>([0x21, 0xF9]);
        byte[] pair = [0x21, 0xFE, 0, 0x21, 0xF9, 4, 0, 0, 0, 0, 0];
        Assert.Null(Clean([.. gif[..picture], .. Enumerable.Repeat(pair, 5000).SelectMany(bytes => bytes), .. gif[picture..]], FileKind.Gif));
    }

    [Fact]
    public void Broken_images_are_refused()
    {
        Assert.Null(Clean([0xFF, 0xD8, 0xFF, 0xD9], FileKind.Jpeg));
        Assert.Null(Clean([0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 1], FileKind.Jpeg));
        Assert.Null(Clean("GIF89a"u8.ToArray(), FileKind.Gif));
        Assert.Null(Clean(SampleFiles.PngSignature.ToArray(), FileKind.Png));
    }

    private static byte[] Photo(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Infrastructure/Files/photos", name));

    /// <summary>A reader of our tests' own: segment by segment, for files that are known to be plain.</summary>
    private sealed class Photograph
    {
        public Photograph(byte[] file)
        {
            File = file;
            var at = 2;
            for (; file[at + 1] != 0xDA; at += 2 + (file[at + 2] << 8) + file[at + 3])
            {
                if (file[at + 1] == 0xE1 && file.AsSpan(at + 4).StartsWith("Exif"u8)) ReadDirectory(file.AsSpan(at + 10));
            }
            Picture = file[at..(file.AsSpan().LastIndexOf<byte>([0xFF, 0xD9]) + 2)];
        }

        public byte[] File { get; }

        public byte[] Picture { get; }

        public int Orientation { get; private set; } = 1;

        public bool HasPlace { get; private set; }

        public int DirectoryEntries { get; private set; }

        private void ReadDirectory(ReadOnlySpan<byte> tiff)
        {
            var little = tiff[0] == 'I';
            int Two(ReadOnlySpan<byte> at) => little ? at[0] | at[1] << 8 : at[0] << 8 | at[1];
            var directory = tiff[(little ? Two(tiff[4..]) : Two(tiff[6..]))..];
            DirectoryEntries = Two(directory);
            for (var entry = 0; entry < DirectoryEntries; entry++)
            {
                var tag = Two(directory[(2 + entry * 12)..]);
                if (tag == 0x0112) Orientation = Two(directory[(2 + entry * 12 + 8)..]);
                HasPlace |= tag == 0x8825;
            }
        }
    }
}
