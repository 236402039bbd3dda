using Microsoft.Playwright;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Tests.Infrastructure.Files;
using static PatientResponse.Tests.Infrastructure.Files.Pictures;

namespace PatientResponse.Tests.Browser;

/// <summary>What a clinician's browser makes of a cleaned picture: the pixels that were sent.</summary>
public sealed class PicturePixelsTests(Chromium chromium) : BrowserTest(chromium)
{
    /// <summary>For each picture its sides and a sum over all its pixels, or "none" where the browser shows none.</summary>
    private const string Look = """
        async pictures => {
            const seen = [];
            for (const picture of pictures) {
                try {
                    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), c => c.charCodeAt(0))]));
                    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
                    const paint = canvas.getContext('2d');
                    paint.drawImage(bitmap, 0, 0);
                    let sum = 2166136261;
                    for (const value of paint.getImageData(0, 0, bitmap.width, bitmap.height).data) sum = Math.imul(sum ^ value, 16777619);
                    seen.push(`${bitmap.width} × ${bitmap.height}, ${sum >>> 0}`);
                } catch (e) {
                    seen.push('none');
                }
            }
            return seen;
        }
        """;

    public static TheoryData<string> Jpegs => WholePicturesTests.Jpegs;

    [Theory, MemberData(nameof(Jpegs))]
    public async Task A_photo_with_anything_between_its_parts_shows_the_same_pixels_upright(string name)
    {
        var parts = PartsOf(Named(name));
        byte[] turned = ExifSegment(Sideways);
        byte[][] anything = [[0, 0], [0xFF, 0xFF], [1, 2, 0xFF, 0, 3], Segment(0xFE, "a comment"u8), Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0"u8), [0xFF, 0xD3], [0xFF, 0xFE, 0, 0]];
        List<byte[]> sent = [[.. parts[0], .. turned, .. parts.Skip(1).SelectMany(part => part)]];
        for (var place = 1; place < parts.Count; place++)
            foreach (var stray in anything)
                sent.Add([.. parts[0], .. turned, .. parts.Skip(1).Take(place - 1).SelectMany(part => part), .. stray, .. parts.Skip(place).SelectMany(part => part)]);
        var page = await Page(Screen.Desktop);

        var before = await LookAsync(page, sent);
        var after = await LookAsync(page, [.. sent.Select(photo => Clean(photo, FileKind.Jpeg)!)]);

        Assert.StartsWith("45 × 67, ", before[0], StringComparison.Ordinal);
        // What stands between scans keeps this browser from showing some that libjpeg decodes; cleaned, they are shown too.
        Assert.All(before.Zip(after).Where(photo => photo.First != "none"), photo => Assert.Equal(photo.First, photo.Second));
        Assert.True(before.Count(photo => photo == "none") < before.Length / 10, "Nearly all are shown as they were sent.");
        Assert.Single(after.Distinct());
    }

    [Fact]
    public async Task Photos_of_different_pixels_are_told_apart_and_what_we_refuse_is_not_shown_either()
    {
        var page = await Page(Screen.Desktop);
        var seen = await LookAsync(page, [Named("baseline.jpg"), Named("optimised.jpg"), [0xFF, 0xD8, 0xFF, 0xD9]]);
        Assert.StartsWith("67 × 45, ", seen[0], StringComparison.Ordinal);
        Assert.NotEqual(seen[0], seen[1]);
        Assert.Equal("none", seen[2]);
        Assert.Null(Clean(Named("arithmetic.jpg"), FileKind.Jpeg));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_photo_of_a_phone_s_own_colours_keeps_them(bool isNew)
    {
        byte[] Jpeg(byte[] profile) => [.. Named("baseline.jpg")[..20], .. Segment(0xE2, [.. "ICC_PROFILE\0\u0001\u0001"u8, .. profile]), .. Named("baseline.jpg")[20..]];
        byte[] Png(byte[] profile) => [.. Named("palette.png")[..33], .. SampleFiles.PngChunk("iCCP", [.. "P3\0\0"u8, .. WholePicturesTests.Packed(profile)]), .. Named("palette.png")[33..]];
        foreach (var (plain, coloured, kind) in ((byte[], Func<byte[], byte[]>, FileKind)[])[(Named("baseline.jpg"), Jpeg, FileKind.Jpeg), (Named("palette.png"), Png, FileKind.Png)])
        {
            byte[][] sent = [plain, coloured(Profile(isNew)), coloured(Profile(isNew, swapped: true))];
            var page = await Page(Screen.Desktop);
            var before = await LookAsync(page, sent);
            Assert.Equal(3, before.Distinct().Count());
            Assert.Equal(before, await LookAsync(page, [.. sent.Select(picture => Clean(picture, kind)!)]));
        }
    }

    [Theory, InlineData("interlaced.png", FileKind.Png), InlineData("palette.png", FileKind.Png), InlineData("moving.gif", FileKind.Gif)]
    public async Task Other_pictures_show_the_same_pixels(string name, FileKind kind)
    {
        var page = await Page(Screen.Desktop);
        var seen = await LookAsync(page, [Named(name), Clean(Named(name), kind)!]);
        Assert.NotEqual("none", seen[0]);
        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public async Task Pictures_that_programs_write_carelessly_show_the_same_pixels()
    {
        byte[] gif = Named("moving.gif"), png = Named("palette.png");
        var second = gif.AsSpan(300).IndexOf<byte>([0x21, 0xF9, 4]) + 300;
        var profile = WholePicturesTests.Packed(Profile(isNew: true, swapped: true));
        var page = await Page(Screen.Desktop);
        foreach (var (sent, kind) in ((byte[], FileKind)[])[
            ([.. gif[..^1], .. "GIF89a"u8], FileKind.Gif), ([.. gif[..second], 0, .. gif[second..]], FileKind.Gif), ([.. gif[..^1], 0x21, 0xF9, 4, 0], FileKind.Gif),
            ([.. png[..33], .. SampleFiles.PngChunk("iCCP", [.. "P3\0\0"u8, .. profile[..^4]]), .. png[33..]], FileKind.Png)])
        {
            var seen = await LookAsync(page, [sent, Clean(sent, kind)!]);
            Assert.NotEqual("none", seen[0]);
            Assert.Equal(seen[0], seen[1]);
        }
    }

    private static Task<string[]> LookAsync(IPage page, IReadOnlyList<byte[]> pictures) =>
        page.EvaluateAsync<string[]>(Look, pictures.Select(Convert.ToBase64String).ToArray());
}
