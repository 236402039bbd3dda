using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using static PatientResponse.Tests.Infrastructure.Files.Pictures;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>A photo keeps every byte that it is decoded from, whatever stands between its parts; or it is refused. What a browser makes of it: PicturePixelsTests.</summary>
public class WholePicturesTests
{
    private static readonly byte[] Marked = "secret"u8.ToArray();

    public static TheoryData<string> Jpegs =>
        ["baseline.jpg", "restarts.jpg", "progressive.jpg", "progressive-restarts.jpg", "grey.jpg", "optimised.jpg", "rgb.jpg", "three-scans.jpg", "cmyk.jpg"];

    /// <summary>What decoders skip wherever a segment may begin.</summary>
    public static IReadOnlyList<byte[]> Skipped =>
    [
        [0], [0, 0], [0, 0, 0], [0xFF], [0xFF, 0xFF, 0xFF], [0xFF, 0], [1, 2, 0xFF, 0, 3], [0xFF, 0xD3], [0xFF, 0x01, 9], "\r\n"u8.ToArray(), [.. new byte[5000]],
        Segment(0xFE, Marked), Segment(0xE1, Marked), Segment(0xED, Marked), Segment(0xE2, [.. "MPF\0"u8, .. Marked]), [0xFF, 0xFE, 0, 0], [0xFF, 0xE5, 0, 1], [0xFF, 0xDC, 0, 0],
        [.. Segment(0xFE, Marked), 0, 0, 0xFF, .. Segment(0xE0, [.. "JFXX\0"u8, .. Marked]), 7],
    ];

    [Theory, MemberData(nameof(Jpegs))]
    public void A_photo_with_stray_bytes_between_any_two_of_its_parts_is_kept_whole(string name)
    {
        var plain = Named(name);
        var parts = PartsOf(plain);
        Assert.Equal(plain, parts.SelectMany(part => part));
        Assert.Equal(plain, Clean(plain, FileKind.Jpeg));
        for (var place = 1; place < parts.Count; place++)
        {
            foreach (var stray in Skipped)
            {
                byte[] sent = [.. parts.Take(place).SelectMany(part => part), .. stray, .. parts.Skip(place).SelectMany(part => part)];
                var kept = Clean(sent, FileKind.Jpeg);
                Assert.True(kept is not null, $"{Convert.ToHexString(stray.AsSpan(0, Math.Min(stray.Length, 20)))} before part {place}");
                // Behind a scan they belong to its data, up to the next marker; number of lines is no remark, and stays.
                var isData = parts[place - 1][1] == 0xDA || stray is [0xFF, 0xDC, ..];
                if (isData) Assert.Equal(plain, WithoutStray(kept, parts, place));
                else Assert.Equal(plain, kept);
                Assert.True(kept.AsSpan().IndexOf(Marked) < 0);
            }
        }
    }

    /// <summary>The bytes before a place and those behind it, with whatever stands between.</summary>
    private static byte[] WithoutStray(byte[] kept, IReadOnlyList<byte[]> parts, int place)
    {
        byte[] before = [.. parts.Take(place).SelectMany(part => part)], after = [.. parts.Skip(place).SelectMany(part => part)];
        return [.. kept[..before.Length], .. kept[^after.Length..]];
    }

    [Fact]
    public void Photos_with_many_things_between_their_parts_are_kept_whole()
    {
        var random = new Random(11);
        var anything = Skipped.Where(stray => stray is not ([.., 0xFF] or [0xFF, 0xDC, ..])).ToList();
        foreach (var name in Jpegs.Select(row => row.Data))
        {
            var parts = PartsOf(Named(name));
            for (var round = 0; round < 50; round++)
            {
                var sent = new List<byte>(parts[0]);
                var expected = new List<byte>(parts[0]);
                foreach (var (index, part) in parts.Index().Skip(1))
                {
                    var inData = parts[index - 1][1] == 0xDA;
                    for (var more = random.Next(0, 6); more > 0 && !inData; more--) sent.AddRange(anything[random.Next(anything.Count)]);
                    sent.AddRange(part);
                    expected.AddRange(part);
                }
                Assert.Equal(expected, Clean([.. sent], FileKind.Jpeg)!);
            }
        }
    }

    [Theory]
    [InlineData("FFD8"), InlineData("FF02"), InlineData("FFBF"), InlineData("FFC8"), InlineData("FFDE"), InlineData("FFF0"), InlineData("FFFD"), InlineData("FFC50008"),
        InlineData("FFDD0003"), InlineData("FFDB0003"), InlineData("FFDB000344"), InlineData("FFC40002FFC40003"), InlineData("FFC000")]
    public void A_photo_that_decoders_give_up_on_is_refused_not_shortened(string hex)
    {
        var parts = PartsOf(Named("progressive.jpg"));
        for (var place = 1; place < parts.Count; place++)
        {
            byte[] sent = [.. parts.Take(place).SelectMany(part => part), .. Convert.FromHexString(hex), .. parts.Skip(place).SelectMany(part => part)];
            Assert.Equal(FileProblem.Damaged, Check(sent, FileKind.Jpeg));
            Assert.Null(Clean(sent, FileKind.Jpeg));
        }
    }

    [Theory, InlineData("arithmetic.jpg")]
    public void A_photo_of_a_make_that_no_browser_shows_is_refused(string name) => Assert.Equal(FileProblem.Damaged, Check(Named(name), FileKind.Jpeg));

    [Fact]
    public void A_photo_of_twelve_bits_two_colours_or_no_lines_is_refused()
    {
        var jpeg = Named("baseline.jpg");
        var frame = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        foreach (var (offset, value) in ((int, byte)[])[(4, 12), (9, 2), (11, 0x50), (11, 0x01), (3, 18)])
        {
            var sent = (byte[])jpeg.Clone();
            sent[frame + offset] = value;
            Assert.Equal(FileProblem.Damaged, Check(sent, FileKind.Jpeg));
        }
        (jpeg[frame + 5], jpeg[frame + 6]) = (0, 0);
        Assert.Equal(FileProblem.Damaged, Check(jpeg, FileKind.Jpeg));
    }

    [Fact]
    public void Damage_in_the_data_ends_nothing_because_decoders_go_on_at_the_next_restart()
    {
        var parts = PartsOf(Named("restarts.jpg"));
        var scan = parts.Index().Single(part => part.Item[1] == 0xDA).Index;
        var data = (byte[])parts[scan].Clone();
        var restart = data.AsSpan().IndexOf<byte>([0xFF, 0xD1]);
        (data[restart - 8], data[restart - 7]) = (0xFF, 0x13);
        byte[] sent = [.. parts.Take(scan).SelectMany(part => part), .. data, 0xFF, 0xD9];
        Assert.Equal(sent, Clean(sent, FileKind.Jpeg));
    }

    [Theory, MemberData(nameof(Jpegs))]
    public void A_second_picture_or_a_film_behind_the_photo_goes_and_the_photo_stays(string name)
    {
        var plain = Named(name);
        foreach (var behind in (byte[][])[Named("baseline.jpg"), [.. new byte[24], .. "ftypmp42"u8, .. Marked], [.. "SEFH"u8, .. Marked, .. "SEFT"u8], [0xFF, 0xD9, .. Marked]])
            Assert.Equal(plain, Clean([.. plain, .. behind], FileKind.Jpeg));
    }

    [Fact]
    public void A_photo_cut_off_in_what_follows_its_picture_is_closed_and_one_cut_off_in_its_tables_is_refused()
    {
        var plain = Named("progressive.jpg");
        var parts = PartsOf(plain);
        Assert.Equal(plain, Clean([.. plain[..^2], 0xFF, 0xE1, 0x40, 0, 1, 2], FileKind.Jpeg));
        Assert.Equal(plain, Clean([.. plain[..^2], 0xFF, 0xFE, 9], FileKind.Jpeg));
        var table = parts.Index().Last(part => part.Item[1] == 0xC4).Index;
        Assert.Equal(FileProblem.Damaged, Check([.. parts.Take(table).SelectMany(part => part), .. parts[table][..^3]], FileKind.Jpeg));
    }

    public static TheoryData<string, string> Turns => new()
    {
        { "short, little-endian", Convert.ToHexString(Sideways) },
        { "short, big-endian", Convert.ToHexString(SidewaysBigEndian) },
    };

    [Theory, MemberData(nameof(Turns))]
    public void Which_way_is_up_is_kept_in_both_byte_orders(string order, string tiff)
    {
        var parts = PartsOf(Named("baseline.jpg"));
        byte[] Photo(byte[] exif) => [.. parts[0], .. exif, .. parts.Skip(1).SelectMany(part => part)];
        Assert.NotEmpty(order);
        Assert.Equal(Photo(ExifSegment(SidewaysBigEndian)), Clean(Photo(ExifSegment(Convert.FromHexString(tiff))), FileKind.Jpeg));
    }

    [Fact]
    public void An_orientation_that_browsers_do_not_follow_is_not_made_one_that_they_do()
    {
        var parts = PartsOf(Named("baseline.jpg"));
        byte[] Photo(params byte[] exif) => [.. parts[0], .. exif, .. parts.Skip(1).SelectMany(part => part)];
        byte[] Little(byte type, byte count, byte value) => [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, type, 0, count, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0];
        byte[] longOne = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 4, 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0];
        Assert.Equal(Photo(ExifSegment(longOne)), Clean(Photo(ExifSegment(Little(4, 1, 6))), FileKind.Jpeg));
        Assert.Equal(Photo(), Clean(Photo(ExifSegment(Little(3, 2, 6))), FileKind.Jpeg));
        Assert.Equal(Photo(), Clean(Photo(ExifSegment(Little(2, 1, 6))), FileKind.Jpeg));
        Assert.Equal(Photo(), Clean(Photo(ExifSegment(Little(3, 1, 9))), FileKind.Jpeg));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_colour_profile_keeps_its_colours_and_loses_who_made_it(bool isNew)
    {
        var parts = PartsOf(Named("baseline.jpg"));
        var profile = Profile(isNew);
        Assert.Contains("Jo Bloggs", Texts(profile), StringComparison.Ordinal);
        byte[] sent = [.. parts[0], .. Segment(0xE2, [.. "ICC_PROFILE\0\u0001\u0001"u8, .. profile]), .. parts.Skip(1).SelectMany(part => part)];

        var kept = Clean(sent, FileKind.Jpeg)!;

        Assert.DoesNotContain("Bloggs", Texts(kept), StringComparison.Ordinal);
        Assert.DoesNotContain("JoBl", Texts(kept), StringComparison.Ordinal);
        Assert.DoesNotContain("Pho7", Texts(kept), StringComparison.Ordinal);
        Assert.DoesNotContain("dmnd", Texts(kept), StringComparison.Ordinal);
        Assert.True(kept.AsSpan().IndexOf<byte>([0, 0, 0x83, 0xDF, 0, 0, 0x3D, 0xBF, 0xFF, 0xFF, 0xFF, 0xBB]) > 0, "The red that it is made with.");
        var date = kept.AsSpan().IndexOf("acsp"u8) - 12;
        Assert.Equal("07D000010001000000000000", Convert.ToHexString(kept.AsSpan(date, 12)));
        Assert.EndsWith(Convert.ToHexString([.. parts.Skip(1).SelectMany(part => part)]), Convert.ToHexString(kept), StringComparison.Ordinal);
    }

    [Fact]
    public void A_colour_profile_in_several_segments_is_put_together()
    {
        var parts = PartsOf(Named("baseline.jpg"));
        var profile = Profile(isNew: true);
        byte[] Photo(params byte[][] segments) => [.. parts[0], .. segments.SelectMany(segment => segment), .. parts.Skip(1).SelectMany(part => part)];
        byte[] Part(byte number, byte count, byte[] bytes) => Segment(0xE2, [.. "ICC_PROFILE\0"u8, number, count, .. bytes]);
        var whole = Clean(Photo(Part(1, 1, profile)), FileKind.Jpeg)!;
        Assert.NotEqual(Named("baseline.jpg"), whole);

        Assert.Equal(whole, Clean(Photo(Part(2, 2, profile[200..]), Segment(0xFE, Marked), Part(1, 2, profile[..200])), FileKind.Jpeg));
        // Without all of it, decoders take none of it.
        Assert.Equal(Named("baseline.jpg"), Clean(Photo(Part(1, 2, profile[..200])), FileKind.Jpeg));
        Assert.Equal(Named("baseline.jpg"), Clean(Photo(Part(1, 2, profile)), FileKind.Jpeg));
        Assert.Equal(Named("baseline.jpg"), Clean(Photo(Part(1, 1, profile), Part(1, 1, profile)), FileKind.Jpeg));
        Assert.Equal(Named("baseline.jpg"), Clean(Photo(Part(1, 1, "profile"u8.ToArray())), FileKind.Jpeg));
    }

    [Theory, InlineData(36, 'A'), InlineData(8, '\u0005'), InlineData(0, '\u0001'), InlineData(128, '\u0001'), InlineData(136, '\u0001')]
    public void What_browsers_take_for_no_profile_goes_as_a_whole(int place, char instead)
    {
        var parts = PartsOf(Named("baseline.jpg"));
        byte[] Photo(byte[] profile) => [.. parts[0], .. Segment(0xE2, [.. "ICC_PROFILE\0\u0001\u0001"u8, .. profile]), .. parts.Skip(1).SelectMany(part => part)];
        var profile = Profile(isNew: true);
        Assert.NotEqual(Named("baseline.jpg"), Clean(Photo(profile), FileKind.Jpeg));
        profile[place] = (byte)instead;
        Assert.Equal(Named("baseline.jpg"), Clean(Photo(profile), FileKind.Jpeg));
    }

    [Fact]
    public void A_png_s_colour_profile_loses_its_name_and_its_texts()
    {
        var png = Named("palette.png");
        byte[] Sent(byte[] profile) => [.. png[..33], .. SampleFiles.PngChunk("iCCP", [.. "Jo's phone\0\0"u8, .. Packed(profile)]), .. png[33..]];

        var kept = Clean(Sent(Profile(isNew: true)), FileKind.Png)!;

        Assert.DoesNotContain("Jo's", Texts(kept), StringComparison.Ordinal);
        var at = kept.AsSpan().IndexOf("iCCPColours\0\0"u8) + 13;
        using var unpacked = new ZLibStream(new MemoryStream(kept, at, kept.Length - at), CompressionMode.Decompress);
        using var profile = new MemoryStream();
        unpacked.CopyTo(profile);
        Assert.DoesNotContain("Bloggs", Texts(profile.ToArray()), StringComparison.Ordinal);
        Assert.True(profile.ToArray().AsSpan().IndexOf<byte>([0, 0, 0x83, 0xDF, 0, 0, 0x3D, 0xBF]) > 0);
        Assert.Equal(png, Clean(Sent("no profile"u8.ToArray()), FileKind.Png));
        // Packed with a dictionary that is not in the file.
        Assert.Equal(png, Clean([.. png[..33], .. SampleFiles.PngChunk("iCCP", [.. "Jo's phone\0\0"u8, 0x78, 0x20, 1, 3, 0, 0xFC, 0xFF, 1, 2, 3]), .. png[33..]], FileKind.Png));
        Assert.Equal(FileProblem.Damaged, Check(Sent(new byte[8_000_000]), FileKind.Png));
    }

    [Fact]
    public void A_png_s_colour_profile_without_its_checksum_is_none_as_in_browsers()
    {
        var png = Named("palette.png");
        byte[] Sent(byte[] packed) => [.. png[..33], .. SampleFiles.PngChunk("iCCP", [.. "Photoshop ICC profile\0\0"u8, .. packed]), .. png[33..]];
        var packed = Packed(Profile(isNew: false));
        var whole = Clean(Sent(packed), FileKind.Png)!;
        Assert.True(whole.AsSpan().IndexOf("iCCPColours"u8) > 0);
        Assert.Equal(png, Clean(Sent(packed[..^4]), FileKind.Png));
        Assert.Equal(whole, Clean(Sent([.. packed, 0, 0]), FileKind.Png));
    }

    [Fact]
    public void Texts_anywhere_in_a_png_go_also_where_a_number_should_be()
    {
        var png = Named("palette.png");
        var text = SampleFiles.PngChunk("tEXt", [.. "Comment\0"u8, .. Marked]);
        Assert.Equal(png, Clean([.. png[..^12], .. text, .. SampleFiles.PngChunk("tIME", new byte[7]), .. png[^12..], .. text], FileKind.Png));
        Assert.Equal(png, Clean([.. png[..33], .. SampleFiles.PngChunk("gAMA", Marked), .. png[33..]], FileKind.Png));
    }

    [Fact]
    public void A_png_whose_data_is_in_pieces_is_refused_as_no_browser_puts_it_together()
    {
        var png = Named("palette.png");
        var data = png.AsSpan().IndexOf("IDAT"u8) - 4;
        Assert.Equal(FileProblem.Damaged, Check([.. png[..^12], .. SampleFiles.PngChunk("tEXt", [.. "a\0"u8, .. Marked]), .. SampleFiles.PngChunk("IDAT", []), .. png[^12..]], FileKind.Png));
        Assert.NotNull(Clean([.. png[..^12], .. SampleFiles.PngChunk("IDAT", []), .. png[^12..]], FileKind.Png));
        Assert.True(data > 0);
    }

    [Fact]
    public void Stray_bytes_behind_a_gif_s_picture_go_and_end_it_as_in_browsers()
    {
        var gif = Named("moving.gif");
        foreach (var stray in (byte[][])[[0], [0, 0, 0], [.. Marked], [.. gif], [0x21, 0xF9, 4, 0], [0x21, 0xFE, 200, 1], [0x21]])
        {
            Assert.Equal(gif, Clean([.. gif[..^1], .. stray], FileKind.Gif));
            Assert.Equal(gif, Clean([.. gif, .. stray], FileKind.Gif));
        }
        var second = gif.AsSpan(300).IndexOf<byte>([0x21, 0xF9, 4]) + 300;
        Assert.Equal([.. gif[..second], 0x3B], Clean([.. gif[..second], 0, .. gif[second..]], FileKind.Gif)!);
    }

    [Fact]
    public void What_a_gif_hides_behind_its_timing_goes()
    {
        var gif = Named("moving.gif");
        Assert.Equal(gif, Clean(gif, FileKind.Gif));
        var control = gif.AsSpan().IndexOf<byte>([0x21, 0xF9, 4]);
        Assert.Equal(gif, Clean([.. gif[..(control + 7)], 6, .. Marked, .. gif[(control + 7)..]], FileKind.Gif));
        Assert.Equal(FileProblem.Damaged, Check([.. gif[..control], 0x21, 0xF9, 1, 0, 0, .. gif[control..]], FileKind.Gif));
        Assert.Equal(FileProblem.Damaged, Check([.. gif[..control], 0x00, .. gif[control..]], FileKind.Gif));
    }

    [Fact]
    public void An_image_too_large_to_show_is_told_apart_from_a_damaged_one()
    {
        Assert.Equal(FileProblem.TooManyPixels, Check(SampleFiles.Png(width: 12_000, height: 9_000), FileKind.Png));
        var gif = Named("moving.gif");
        gif.AsSpan(6, 4).Fill(0xFF);
        Assert.Equal(FileProblem.TooManyPixels, Check(gif, FileKind.Gif));
        Assert.Equal(FileProblem.Damaged, Check(Named("moving.gif")[..^40], FileKind.Gif));
        Assert.Equal(FileProblem.Damaged, Check(Named("palette.png")[..^12], FileKind.Png));
        Assert.Equal(FileProblem.Damaged, Check([.. SampleFiles.PngSignature, .. SampleFiles.PngChunk("CgBI", [0x50, 0, 0x20, 2]), .. Named("palette.png")[8..]], FileKind.Png));
    }

    private static FileProblem? Check(byte[] file, FileKind kind) => ContentCheck.Check(new MemoryStream(file), kind).Problem;

    private static string Texts(byte[] file) => Encoding.Latin1.GetString(file).Replace("\0", "", StringComparison.Ordinal);

    public static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content);
        return packed.ToArray();
    }
}
