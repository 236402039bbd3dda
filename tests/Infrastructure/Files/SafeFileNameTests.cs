using System.Text;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

public class SafeFileNameTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("my photo (1).JPG", "my photo (1).JPG")]
    [InlineData("رسالة.pdf", "رسالة.pdf")]
    [InlineData("写真.jpeg", "写真.jpeg")]
    [InlineData("нога 🦵.png", "нога 🦵.png")]
    [InlineData("می\u200cخواهم.pdf", "می\u200cخواهم.pdf")]
    [InlineData("../../etc/passwd.jpg", "passwd.jpg")]
    [InlineData("C:\\Users\\ann\\leg.jpg", "leg.jpg")]
    [InlineData("..\\..\\leg.jpg", "leg.jpg")]
    [InlineData("leg.jpg\0.php", "leg.jpg.php")]
    [InlineData("leg\r\nX-Header: 1.jpg", "leg X-Header_ 1.jpg")]
    [InlineData("5\u001E10 ml.pdf", "5-10 ml.pdf")]
    [InlineData("5\u009610 mg.pdf", "5–10 mg.pdf")]
    [InlineData("Zoe\u0308\u000Bleg.pdf", "Zoë leg.pdf")]
    [InlineData("a\u202Egpj.exe", "agpj.exe")]
    [InlineData("a\u202E\u0301rm.pdf", "árm.pdf")]
    [InlineData("<b>\"what?\"|*.gif", "_b__what____.gif")]
    [InlineData("con.jpg", "_con.jpg")]
    [InlineData("LPT1.tar.jpg", "_LPT1.tar.jpg")]
    [InlineData("console.jpg", "console.jpg")]
    [InlineData(".jpg", "file.jpg")]
    [InlineData("leg.jpg. ", "leg.jpg")]
    [InlineData("leg.jpg\u2003.\u3000.", "leg.jpg")]
    [InlineData("  leg .jpg", "leg.jpg")]
    [InlineData("a/b/", "file")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    public void A_name_is_made_safe_and_otherwise_left_whole(string? name, string safe) => Assert.Equal(safe, SafeFileName.Of(name));

    [Fact]
    public void Half_a_character_is_shown_as_such() => Assert.Equal("\uFFFD.jpg", SafeFileName.Of("\uD800.jpg"));

    [Fact]
    public void A_name_of_255_bytes_stays_whole_and_a_longer_one_keeps_its_extension()
    {
        var whole = new string('я', 125) + "a.jpg";
        Assert.Equal(255, Encoding.UTF8.GetByteCount(whole));
        Assert.Equal(whole, SafeFileName.Of(whole));
        Assert.Equal(new string('я', 125) + ".jpg", SafeFileName.Of(new string('я', 400) + ".jpg"));
        Assert.Equal(255, SafeFileName.Of("a." + new string('x', 400)).Length);
        // Cut before the last dot: the one before it begins the extension now.
        Assert.Equal(new string('a', 250) + ".tar", SafeFileName.Of(new string('a', 250) + " .tar." + new string('b', 300)));
    }

    [Fact]
    public void Whatever_is_typed_the_name_is_safe_and_making_it_safe_again_changes_nothing() =>
        Property.HoldsForAnyText(typed =>
        {
            var name = SafeFileName.Of(typed);
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, SafeFileName.MaxBytes);
            Assert.Equal(name, SafeFileName.Of(name));
            Assert.Equal(-1, name.IndexOfAny(['/', '\\', '\0', '\r', '\n', ':', '"']));
            Assert.False(name is "." or "..");
        });

    [Fact]
    public void Files_of_one_name_are_numbered()
    {
        Assert.Equal(
            ["photo.jpg", "photo (3).jpg", "Photo (2).JPG", "photo (4).jpg", "reply"],
            SafeFileName.UniqueWithin(["photo.jpg", "photo (3).jpg", "Photo.JPG", "photo.jpg", "reply"]));
        var longest = new string('a', 251) + ".jpg";
        Assert.Equal([longest, new string('a', 247) + " (2).jpg"], SafeFileName.UniqueWithin([longest, longest]));
    }

    [Fact]
    public void Names_in_a_zip_are_cut_before_their_extension_and_numbered_before_that()
    {
        var longest = new string('a', 96) + ".jpg";
        Assert.Equal([longest, new string('a', 92) + " (2).jpg"], SafeFileName.UniqueWithin([longest, new string('a', 300) + ".jpg"], 100));
        // No half of a character, and no space or dot that Windows would drop.
        Assert.Equal([new string('a', 95) + ".jpg"], SafeFileName.UniqueWithin([new string('a', 95) + "🦵🦵.jpg"], 100));
        Assert.Equal([new string('a', 90) + ".jpg"], SafeFileName.UniqueWithin([new string('a', 90) + " . . . . . bbb.jpg"], 100));
        Assert.Equal([new string('я', 96) + ".pdf"], SafeFileName.UniqueWithin([new string('я', 120) + ".pdf"], 100));
        Assert.Equal([new string('膝', 83) + ".pdf"], SafeFileName.UniqueWithin([new string('膝', 96) + ".pdf"], 100));
        Assert.Equal([new string('a', 100)], SafeFileName.UniqueWithin(["a." + new string('a', 98) + "x"], 100).Select(name => name.Replace("a.", "aa", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("con                                                                                                 x.jpg", "_con.jpg")]
    [InlineData("nul.jpg", "_nul.jpg")]
    [InlineData("COM1.tar.jpg", "_COM1.tar.jpg")]
    [InlineData("aux .jpg", "_aux .jpg")]
    public void A_name_in_a_zip_is_none_of_Windows_devices(string name, string safe) => Assert.Equal([safe], SafeFileName.UniqueWithin([name], 100));

    [Fact]
    public void Names_that_differ_in_case_alone_are_one_name_on_some_systems() =>
        Assert.Equal(["ÉTÉ.pdf", "été (2).pdf", "reply.txt", "Reply (2).TXT"], SafeFileName.UniqueWithin(["ÉTÉ.pdf", "été.pdf", "reply.txt", "Reply.TXT"], 100));

    [Fact]
    public void An_accent_apart_or_not_is_one_name_on_some_systems() =>
        Assert.Equal(["Caf\u00E9.pdf", "Caf\u00E9 (2).pdf"], SafeFileName.UniqueWithin(["Cafe\u0301.pdf", "Caf\u00E9.pdf"], 100));
}
