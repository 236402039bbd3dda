using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Features;

public class SmsHintsTests
{
    [Theory]
    [InlineData("Ring\u00A0us.", "a non-breaking space after 'Ring'")]
    [InlineData("Ring us.\n\n\u202Ftoday", "a narrow non-breaking space before 'today'")]
    [InlineData("\uFEFFRing us.", "a byte order mark at the start")]
    [InlineData("\u200BRing us.", "a zero-width space at the start")]
    [InlineData("Sun\u200Bday", "a zero-width space after 'Sun'")]
    [InlineData("Ring\tus", "a tab after 'Ring'")]
    [InlineData("Ring us\u200E", "a mark of the writing direction after 'us'")]
    [InlineData("Ring\u200C us", "a zero-width non-joiner after 'Ring'")]
    [InlineData("Take 5\u20116 ml", "a non-breaking hyphen after '5'")]
    [InlineData("One\n\u200A\nTwo", "a hair space on an empty line")]
    [InlineData("One\n\u3000Two", "a wide space before 'Two'")]
    [InlineData("Ring\u2063us", "an invisible character (U+2063) after 'Ring'")]
    [InlineData("\uF0B7 Rest", "a sign of one font alone (U+F0B7) at the start")]
    [InlineData("a\u00A0b c\u00A0d", "a non-breaking space after 'a' and in 1 other place")]
    [InlineData("a\u00A0b c\u00A0d e\u00A0f", "a non-breaking space after 'a' and in 2 other places")]
    [InlineData("Antidisestablishmentarianism\u00A0x", "a non-breaking space after 'Antidisestablishment…'")]
    [InlineData("It’s fine", "’")]
    [InlineData("It’s “fine”, isn’t it\u00A0?", "’|“|”|a non-breaking space after 'it'")]
    [InlineData("👩‍⚕️ 5️⃣ می‌خواهم", "👩‍⚕️|5️⃣|م|ی‌|خ|و|ا|ه")]
    public void What_cannot_be_seen_is_named_with_its_place(string words, string because) =>
        Assert.Equal(because, string.Join('|', Of(words).Because.Select(odd => $"{odd.Shown} {odd.Place}".Trim())));

    [Fact]
    public void What_stands_in_a_name_or_a_sign_off_is_looked_for_there()
    {
        var hints = SmsHints.Of("Ring us", words => SmsComposer.Compose("Zoë", words, "St Mary’s\u00A0Surgery", null));
        Assert.Equal([new("ë", "in the patient’s name"), new("’", "in the sign-off"), new("a non-breaking space", "in the sign-off")], hints.Because);
        Assert.Null(hints.Ordinary);
    }

    [Fact]
    public void An_ordinary_message_has_no_hints()
    {
        var hints = Of("Cafe\u0301 at 5 – no: 5-6");
        Assert.Equal(["–"], hints.Because.Select(odd => odd.Shown));
        Assert.Equal(([], (string?)null), (Of("Cafe\u0301 at 5-6").Because, Of("Cafe\u0301 at 5-6").Ordinary));
    }

    [Theory]
    [InlineData("Ring\u00A0us,\tplease\u202Fdo\u200B.", "Ring us, please do.")]
    [InlineData("It’s “fine” – “it’s” … ", "It's \"fine\" - \"it's\" ... ")]
    [InlineData("5\u20116 ml ‚a‘ «b»", "5-6 ml 'a' \"b\"")]
    [InlineData("•\tRest\n• Eat\u00A0well", "- Rest\n- Eat well")]
    [InlineData("\u202A07700 900123\u202C\u200E", "07700 900123")]
    [InlineData("di\uFB03cult \uFB01t", "difficult fit")]
    public void Ordinary_characters_are_offered_where_the_alphabet_then_has_everything(string words, string ordinary)
    {
        var hints = Of(words);
        Assert.Equal((ordinary, SmsEncoding.Gsm7), (hints.Ordinary, hints.OrdinarySize!.Encoding));
        Assert.Empty(Of(ordinary).Because);
    }

    [Theory]
    [InlineData("Łukasz, it’s fine\u00A0now")]
    [InlineData("👍 it’s fine\u00A0now")]
    [InlineData("5·4\u00A0mg")]
    [InlineData("½ tablet – twice")]
    [InlineData("Fine 😀 – “now”")]
    public void They_are_not_offered_where_the_message_costs_the_same_all_the_same(string words) => Assert.Null(Of(words).Ordinary);

    [Fact]
    public void Among_letters_of_another_alphabet_only_what_saves_a_text_is_replaced()
    {
        var words = "👍" + new string('\u200B', 40) + " it’s fine – " + new string('a', 20);
        var hints = Of(words);
        Assert.Equal((2, 1), (hints.Size.Fragments, hints.OrdinarySize!.Fragments));
        Assert.Equal("👍 it’s fine – " + new string('a', 20), hints.Ordinary);
    }

    [Fact]
    public void What_a_joiner_means_is_left_alone()
    {
        Assert.Equal("👩‍⚕️ می‌خواهم ab", OrdinaryCharacters.In("👩‍⚕️ می‌خواهم a\u200D\u200Cb\u200D", typographic: true));
        Assert.Equal("5️⃣ ☎️ 5", OrdinaryCharacters.In("5️⃣ ☎️ 5\uFE0F", typographic: true));
        Assert.Equal("\u200Fשלום 5\u200E", OrdinaryCharacters.In("\u200Fשלום 5\u200E", typographic: true));
        Assert.Equal("5•4 mg ½ 2×5 5·4 µg", OrdinaryCharacters.In("5•4 mg ½ 2×5 5·4 µg", typographic: true));
    }

    private static SmsHints Of(string words) => SmsHints.Of(words, text => SmsComposer.Compose("Sam", text, "Riverside", null));
}
