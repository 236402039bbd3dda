using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Infrastructure.Web;

public class TypedTextTests
{
    [Fact]
    public void Spaces_dashes_and_invisible_marks_are_left_out() =>
        Assert.Equal("1a.", TypedText.WithoutFiller(" \t\r\n\u00A0\u2007\u202F1-‐‑–—−\u200B\u202D\u202C\uFEFFa.\u001E\u0000\u2800\u3164\uFE0F\u20E3\U000E0020"));

    [Fact]
    public void Nothing_is_empty() => Assert.Equal("", TypedText.WithoutFiller(null));

    [Fact]
    public void Digits_of_other_scripts_become_ours_and_nothing_else_changes() =>
        Assert.Equal("1 2 3 4 5 6 7 ½ ² Ⅳ x", TypedText.WithAsciiDigits("１ ٢ ३ ۴ 𝟓 𞥖 ᠗ ½ ² Ⅳ x"));

    [Fact]
    public void Wide_letters_and_signs_become_ours() => Assert.Equal("Ab9+(/.) ア", TypedText.WithAsciiDigits("Ａｂ９＋（／．） ア"));

    [Theory]
    [InlineData("０１６３２ ９６０００１", "01632 960001")]
    [InlineData("\u202A01632\u00A0960001\u202C", "01632 960001")]
    [InlineData("\uFEFF01632\u2011960\u200B001 ", "01632-960001")]
    [InlineData("01632\u001E960001", "01632-960001")]
    [InlineData(null, "")]
    public void A_number_is_kept_as_it_can_be_read(string? typed, string kept) => Assert.Equal(kept, TypedText.Tidy(typed));

    [Theory]
    [InlineData("999\u00A0000\u202F0018")]
    [InlineData("９９９ ０００ ００１８")]
    [InlineData("\uFEFF999\u200B000\u001E0018\u200E")]
    [InlineData("𝟗𝟗𝟗 000 0018")]
    public void An_NHS_number_is_read_however_it_was_pasted(string typed) => Assert.Equal("9990000018", NhsNumber.Parse(typed).Value);

    [Theory]
    [InlineData("\u202A07700\u00A0900123\u202C")]
    [InlineData("＋４４ （０） ７７００ ９００１２３")]
    [InlineData("07700\u001E900\u200B123")]
    [InlineData("\uFEFF٠٧٧٠٠٩٠٠١٢٣")]
    public void A_mobile_number_is_read_however_it_was_pasted(string typed)
    {
        Assert.True(UkMobile.TryParse(typed, out var mobile, out var problem), problem);
        Assert.Equal("+447700900123", mobile.E164);
    }

    [Theory]
    [InlineData(" Demo@Example.nhs.uk\u00A0")]
    [InlineData("\uFEFFdemo@example\u200B.nhs.uk\u200E")]
    public void An_email_address_is_one_spelling_however_it_was_pasted(string typed) => Assert.Equal("demo@example.nhs.uk", Clinician.Normalise(typed));
}
