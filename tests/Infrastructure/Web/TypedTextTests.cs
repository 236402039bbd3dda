using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Tests.Infrastructure.Web;

public class TypedTextTests
{
    [Fact]
    public void Spaces_dashes_and_invisible_marks_are_left_out() =>
        Assert.Equal("1a.", TypedText.WithoutFiller(" \t\r\n\u00A0\u2007\u202F1-‐‑–—−\u200B\u202D\u202C\uFEFFa."));

    [Fact]
    public void Nothing_is_empty() => Assert.Equal("", TypedText.WithoutFiller(null));

    [Fact]
    public void Digits_of_other_scripts_become_ours_and_nothing_else_changes() =>
        Assert.Equal("1 2 3 4 ½ ² Ⅳ x", TypedText.WithAsciiDigits("１ ٢ ३ ۴ ½ ² Ⅳ x"));
}
