using System.Text;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>Everything is written out: a test that asked our own table could not see its faults.</summary>
public class PlainTextTests
{
    public static TheoryData<string, string> Kept { get; } = new()
    {
        { "Take 5\u001E10 ml", "Take 5-10 ml" },
        { "anti\u001Fbiotic", "antibiotic" },
        { "anti\u00ADbiotic", "antibiotic" },
        { "one\u000Btwo", "one\ntwo" },
        { "one\u000Ctwo", "one\ntwo" },
        { "one\u0085two", "one\ntwo" },
        { "one\u2028two", "one\ntwo" },
        { "one\u2029two", "one\ntwo" },
        { "one\rtwo", "one\ntwo" },
        { "one\r\ntwo\r\n\r\nthree", "one\ntwo\n\nthree" },
        { "one\ttwo\n", "one\ttwo\n" },
        { "5\u009610 mg", "5–10 mg" },
        { "\u0093It\u0092s\u0094 \u0080 5\u0085", "“It’s” € 5\n" },
        {
            "\u0080\u0081\u0082\u0083\u0084\u0086\u0087\u0088\u0089\u008A\u008B\u008C\u008D\u008E\u008F\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009A\u009B\u009C\u009D\u009E\u009F",
            "€ ‚ƒ„†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"
        },
        {
            "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u007F",
            "                          "
        },
        { "5\u000010 mg", "5 10 mg" },
        { "5\u007F10 mg", "5 10 mg" },
        { "half \uD83D of one, \uDE00 too", "half \uFFFD of one, \uFFFD too" },
        { "5\u00A0mg, \u202Fnoon\u200B, \uFEFF “it’s” – 😀 👩‍⚕️ می‌خواهم", "5\u00A0mg, \u202Fnoon\u200B, \uFEFF “it’s” – 😀 👩‍⚕️ می‌خواهم" },
        { "½ · 5·4 × ² µ", "½ · 5·4 × ² µ" },
    };

    public static TheoryData<string, string> Composed { get; } = new()
    {
        { "Cafe\u0301", "Café" },
        { "Cafe\u00AD\u0301", "Café" },
        { "Zoe\u0308 \u212B \u2126", "Zoë Å Ω" },
        { "Nguye\u0302\u0303n Thi\u0323 E\u0323\u0302", "Nguyễn Thị Ệ" },
        { "e\u0302\u0323", "ệ" },
        { "\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글" },
        { "Łukasz S\u0301wia\u0328tek", "Łukasz Świątek" },
        { "\u0627\u0653", "\u0622" },
        { "q\u0301", "q\u0301" },
        { "\u0301e", "\u0301e" },
    };

    [Theory, MemberData(nameof(Kept)), MemberData(nameof(Composed))]
    public void What_a_character_means_is_kept(string typed, string kept)
    {
        Assert.Equal(kept, PlainText.Clean(typed));
        Assert.Equal(kept, PlainText.Clean(kept));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("Dr\u000BDana\r\nJones\u2028", "Dr Dana Jones")]
    [InlineData("\tSmith\u001EJones\u00A0", "Smith-Jones")]
    [InlineData("O\u0092Brien\tRe\u0301ne\u0301e", "O’Brien Rénée")]
    public void A_name_is_of_one_line(string? typed, string kept) => Assert.Equal(kept, PlainText.Line(typed));

    [Fact]
    public void More_accents_than_any_letter_has_stay_as_they_are_and_the_letters_around_them_are_composed()
    {
        var heap = "a" + string.Concat(Enumerable.Repeat("\u0345\u0301\u0316", 30_000));
        Assert.Equal($"é{heap}é", ComposedText.Of($"e\u0301{heap}e\u0301"));
        var most = "a" + new string('\u0301', 30);
        Assert.Equal("á" + new string('\u0301', 29), ComposedText.Of(most));
    }

    [Fact]
    public void Whatever_is_typed_it_can_be_stored_and_cleaning_it_again_changes_nothing() => Property.HoldsForAnyText(typed =>
    {
        var kept = PlainText.Clean(typed);
        Assert.Equal(kept, PlainText.Clean(kept));
        Assert.DoesNotContain(kept, c => c is not ('\n' or '\t') && char.IsControl(c));
        Assert.Equal(kept, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept)));
    });
}
