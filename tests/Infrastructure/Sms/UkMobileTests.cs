using FsCheck.Fluent;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Infrastructure.Sms;

public class UkMobileTests
{
    [Theory]
    [InlineData("07700900123")]
    [InlineData("07700 900123")]
    [InlineData("07700-900-123")]
    [InlineData("(07700) 900 123")]
    [InlineData("+447700900123")]
    [InlineData("+44 7700 900123")]
    [InlineData("+44 (0)7700 900123")]
    [InlineData("+44 (0) 7700 900123")]
    [InlineData("(+44) 7700 900123")]
    [InlineData("0044 7700 900123")]
    [InlineData("0044 07700 900123")]
    [InlineData("447700900123")]
    [InlineData("7700900123")]
    [InlineData("\u202A+44 7700 900123\u202C")]
    [InlineData("٠٧٧٠٠ ٩٠٠١٢٣")]
    public void A_mobile_is_read_however_it_is_written(string typed)
    {
        Assert.True(UkMobile.TryParse(typed, out var mobile, out var problem), problem);
        Assert.Equal("+447700900123", mobile.E164);
        Assert.Equal("07700 900123", mobile.ToString());
        Assert.Equal("", problem);
    }

    [Theory]
    [InlineData("07400 123456")]
    [InlineData("07912 345678")]
    [InlineData("07700 900000")]
    [InlineData("07700 900999")]
    public void Mobiles_in_use_and_those_for_drama_are_accepted(string typed) =>
        Assert.True(UkMobile.TryParse(typed, out _, out var problem), problem);

    [Theory]
    [InlineData(null, "Enter a mobile number")]
    [InlineData(" ( ) ", "Enter a mobile number")]
    [InlineData("07700 9OO123", "has only digits")]
    [InlineData("07700 900123 ext 4", "has only digits")]
    [InlineData("+", "has only digits")]
    [InlineData("++447700900123", "has only digits")]
    [InlineData("07700+900123", "has only digits")]
    [InlineData("020 7946 0123", "landline")]
    [InlineData("01632 960123", "landline")]
    [InlineData("+44 161 496 0123", "landline")]
    [InlineData("12345", "not a UK mobile number")]
    [InlineData("07781 123456", "Channel Islands or the Isle of Man")] // Guernsey
    [InlineData("07797 712345", "Channel Islands or the Isle of Man")] // Jersey
    [InlineData("07624 123456", "Channel Islands or the Isle of Man")] // Isle of Man
    [InlineData("+1 212 555 0123", "not a UK number")]
    [InlineData("+353 85 123 4567", "not a UK number")]
    [InlineData("0033 6 12 34 56 78", "not a UK number")]
    [InlineData("07640 123456", "pager")]
    [InlineData("070 1234 5678", "personal number (070)")]
    [InlineData("0909 879 0123", "premium rate")]
    [InlineData("0800 123 4567", "not a UK mobile number")]
    [InlineData("0300 123 4567", "not a UK mobile number")]
    [InlineData("056 0000 0123", "not a UK mobile number")]
    [InlineData("999", "not a UK mobile number")]
    [InlineData("07700 90012", "has 11 digits. This one has fewer")]
    [InlineData("07700 9001234", "has 11 digits. This one has more")]
    [InlineData("07700 901123", "No UK mobile network uses this number")]
    public void The_problem_says_which_mistake(string? typed, string expected)
    {
        Assert.False(UkMobile.TryParse(typed, out var mobile, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Equal(default, mobile);
    }

    [Fact]
    public void Every_number_for_drama_is_accepted_in_every_writing() => Property.Holds(
        from last in Gen.Choose(0, 999)
        from prefix in Gen.Elements("0", "+44", "0044", "+44 (0)", "+440")
        from gap in Gen.Elements("", " ", "-", "\u00A0", ".")
        select (last, prefix, gap),
        x =>
        {
            Assert.True(UkMobile.TryParse($"{x.prefix}7700{x.gap}900{x.gap}{x.last:D3}", out var mobile, out var problem), problem);
            Assert.Equal($"+447700900{x.last:D3}", mobile.E164);
        });

    [Fact]
    public void Whatever_is_accepted_begins_with_7_and_reads_back() => Property.Holds(
        from first in Gen.Elements("07", "07", "07", "08", "01", "+4")
        from rest in Gen.Choose(0, 999_999_999)
        select $"{first}{rest:D9}",
        typed =>
        {
            if (!UkMobile.TryParse(typed, out var mobile, out var problem))
            {
                Assert.NotEqual("", problem);
                return;
            }
            Assert.Matches(@"^\+447\d{9}$", mobile.E164);
            Assert.True(UkMobile.TryParse(mobile.E164, out var again, out _) && again == mobile);
            Assert.True(UkMobile.TryParse(mobile.ToString(), out again, out _) && again == mobile);
        });

    [Fact]
    public void Any_text_is_a_mobile_or_a_problem_that_does_not_repeat_it() => Property.HoldsForAnyText(text =>
    {
        var read = UkMobile.TryParse(text, out var mobile, out var problem);
        Assert.Equal(read, problem == "");
        Assert.Equal(read, mobile.E164 != "");
        if (text is { Length: > 3 } && text.Any(char.IsDigit))
            Assert.DoesNotContain(text, problem, StringComparison.Ordinal);
    });
}
