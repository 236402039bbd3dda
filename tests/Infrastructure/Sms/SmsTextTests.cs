using FsCheck.Fluent;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Infrastructure.Sms;

public class SmsTextTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(160, 1)]
    [InlineData(161, 2)]
    [InlineData(306, 2)]
    [InlineData(307, 3)]
    [InlineData(459, 3)]
    [InlineData(460, 4)]
    [InlineData(612, 4)]
    [InlineData(613, 5)]
    public void Plain_text_is_160_septets_then_153_a_fragment(int count, int fragments)
    {
        var size = SmsText.Measure(new string('a', count));
        Assert.Equal((SmsEncoding.Gsm7, count, fragments, 612), (size.Encoding, size.Units, size.Fragments, size.MaxUnits));
        Assert.Equal(count > 612, size.TooLong);
    }

    [Theory]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    [InlineData(268, 4)]
    [InlineData(269, 5)]
    public void Text_in_Unicode_is_70_units_then_67_a_fragment(int count, int fragments)
    {
        var size = SmsText.Measure(new string('ж', count));
        Assert.Equal((SmsEncoding.Ucs2, count, fragments, 268), (size.Encoding, size.Units, size.Fragments, size.MaxUnits));
        Assert.Equal(count > 268, size.TooLong);
    }

    [Fact]
    public void The_whole_basic_alphabet_counts_one_each()
    {
        const string alphabet = "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
        Assert.Equal(126, alphabet.Length); // 128 places, less the escape and the carriage return
        Assert.All(alphabet, c => Assert.Equal((SmsEncoding.Gsm7, 1), Size(c.ToString())));
    }

    [Fact]
    public void The_ten_of_the_extension_table_count_two_each() =>
        Assert.All("\f^{}\\[~]|€", c => Assert.Equal((SmsEncoding.Gsm7, 2), Size(c.ToString())));

    [Theory]
    [InlineData("`")]
    [InlineData("ç")]
    [InlineData("á")]
    [InlineData("’")]
    [InlineData("–")]
    [InlineData("…")]
    [InlineData("\u00A0")]
    [InlineData("\t")]
    [InlineData("\u001B")]
    [InlineData("\0")]
    public void One_other_character_makes_the_whole_text_Unicode_and_is_named(string other)
    {
        var size = SmsText.Measure($"It{other}s {other}");
        Assert.Equal((SmsEncoding.Ucs2, 4 + 2 * other.Length), (size.Encoding, size.Units));
        Assert.Equal([other], size.UnicodeCharacters);
    }

    [Theory]
    [InlineData("Cafe\u0301", 4)]
    [InlineData("A\u030Angstro\u0308m \u212B", 10)]
    [InlineData("man\u0303ana", 6)]
    public void A_letter_written_as_letter_and_accent_is_the_one_letter_that_the_alphabet_has(string text, int septets) =>
        Assert.Equal((SmsEncoding.Gsm7, septets), Size(text));

    [Fact]
    public void Emoji_are_named_as_they_are_seen_and_counted_in_UTF_16() =>
        Assert.Equivalent(
            new SmsSize(SmsEncoding.Ucs2, 12, 1, 268, ["👍🏽", "👩‍⚕️"]),
            SmsText.Measure("👍🏽 👩‍⚕️ A"));

    [Fact]
    public void An_extension_character_is_never_split_between_fragments()
    {
        var size = SmsText.Measure(new string('a', 152) + "€" + new string('a', 152));
        Assert.Equal(306, size.Units); // exactly twice 153, and still three fragments
        Assert.Equal(3, size.Fragments);
    }

    [Fact]
    public void A_surrogate_pair_is_never_split_between_fragments()
    {
        var size = SmsText.Measure(new string('ж', 66) + "😀" + new string('ж', 66));
        Assert.Equal(134, size.Units); // exactly twice 67, and still three fragments
        Assert.Equal(3, size.Fragments);
    }

    [Fact]
    public void A_single_fragment_may_end_in_an_extension_character() =>
        Assert.Equal(1, SmsText.Measure(new string('a', 158) + "€").Fragments);

    [Theory]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("a\rb", "a\nb")]
    [InlineData("a\r\n\r\nb", "a\n\nb")]
    [InlineData("“it’s” – fine…", "“it’s” – fine…")]
    public void Line_ends_are_made_equal_and_words_left_alone(string text, string expected)
    {
        Assert.Equal(expected, SmsText.Normalise(text));
        Assert.Equal(expected.Length, SmsText.Measure(text).Units);
    }

    [Fact]
    public void Fragments_are_as_few_as_whole_characters_allow() => Property.Holds(
        Gen.Elements("a", "é", "\n", "€", "[", "😀", "ж", "\r\n", "👍🏽").ListOf().Resize(700),
        parts =>
        {
            var text = SmsText.Normalise(string.Concat(parts));
            var size = SmsText.Measure(text);
            var ucs2 = text.Any(c => c is 'ж' || char.IsSurrogate(c));
            Assert.Equal(ucs2 ? text.Length : text.Length + text.Count(c => c is '€' or '['), size.Units);
            Assert.Equal(ucs2 ? SmsEncoding.Ucs2 : SmsEncoding.Gsm7, size.Encoding);

            var (single, part) = ucs2 ? (70, 67) : (160, 153);
            var enough = size.Units == 0 ? 0 : size.Units <= single ? 1 : (size.Units + part - 1) / part;
            var oneUnitLost = size.Units <= single ? enough : (size.Units + part - 2) / (part - 1);
            Assert.InRange(size.Fragments, enough, oneUnitLost);
        });

    [Fact]
    public void Any_text_can_be_measured() => Property.HoldsForAnyText(text =>
    {
        var size = SmsText.Measure(text ?? "");
        Assert.True(size.Units >= SmsText.Normalise(text ?? "").Length);
        Assert.Equal(size.Encoding == SmsEncoding.Ucs2, size.UnicodeCharacters.Count > 0);
    });

    private static (SmsEncoding, int) Size(string text)
    {
        var size = SmsText.Measure(text);
        return (size.Encoding, size.Units);
    }
}
