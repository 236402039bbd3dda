using FsCheck.Fluent;
using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class NhsNumberTests
{
    private const string NineDigitsWithCheck10 = "100000001"; // 1 × 10 + 1 × 2 = 12, and 12 modulo 11 is 1

    [Theory]
    [InlineData("9990000018")]
    [InlineData("999 000 0018")]
    [InlineData("999-000-0018")]
    [InlineData(" 999\u00A0000\u00A00018\t")]
    [InlineData("999 – 000 – 0018")]
    [InlineData("\u202D9990000018\u202C")]
    [InlineData("９９９０００００１８")]
    public void Spaces_and_dashes_are_welcome(string typed)
    {
        Assert.True(NhsNumber.TryParse(typed, out var number, out var mistake));
        Assert.Equal(NhsNumberMistake.None, mistake);
        Assert.Equal("9990000018", number.Value);
        Assert.Equal("999 000 0018", number.ToString());
    }

    [Theory]
    [InlineData("943 476 5919")]
    [InlineData("943 476 5870")]
    [InlineData("401 023 2137")]
    public void Numbers_from_published_examples_are_valid(string typed) =>
        Assert.Equal(typed, NhsNumber.Parse(typed).ToString());

    [Theory]
    [InlineData(null, NhsNumberMistake.Empty)]
    [InlineData(" - ", NhsNumberMistake.Empty)]
    [InlineData("99900000l8", NhsNumberMistake.NotANumber)]
    [InlineData("999.000.0018", NhsNumberMistake.NotANumber)]
    [InlineData("999 000 001", NhsNumberMistake.WrongLength)]
    [InlineData("999 000 00188", NhsNumberMistake.WrongLength)]
    [InlineData("999 000 0019", NhsNumberMistake.CheckDigit)]
    [InlineData("1000000010", NhsNumberMistake.CheckDigit)]
    public void A_mistake_is_named(string? typed, NhsNumberMistake expected)
    {
        Assert.False(NhsNumber.TryParse(typed, out var number, out var mistake));
        Assert.Equal(expected, mistake);
        Assert.Equal(default, number);
    }

    [Fact]
    public void A_check_digit_that_works_out_as_10_is_never_valid() =>
        Assert.DoesNotContain(Enumerable.Range(0, 10), last => NhsNumber.TryParse($"{NineDigitsWithCheck10}{last}", out _, out _));

    [Fact]
    public void A_check_digit_that_works_out_as_11_is_0() => Assert.True(NhsNumber.TryParse("0000000000", out _, out _));

    [Fact]
    public void Nine_digits_have_exactly_one_check_digit_or_none() => Property.Holds(
        Gen.Choose(0, 999_999_999),
        nine =>
        {
            var valid = Enumerable.Range(0, 10).Where(last => NhsNumber.TryParse($"{nine:D9}{last}", out _, out _)).ToArray();
            var weighted = $"{nine:D9}".Select((digit, i) => (digit - '0') * (10 - i)).Sum();
            Assert.Equal(Enumerable.Range(0, 10).Where(last => (weighted + last) % 11 == 0), valid);
        });

    [Fact]
    public void One_wrong_digit_or_two_swapped_neighbours_never_pass() => Property.Holds(
        from patient in Gen.Elements(SamplePatients.Read().Select(p => p.NhsNumber.Value))
        from place in Gen.Choose(0, 8)
        from digit in Gen.Choose(0, 9)
        select (patient, place, digit),
        x =>
        {
            var wrong = x.patient.ToCharArray();
            wrong[x.place] = (char)('0' + x.digit);
            Assert.Equal(x.digit == x.patient[x.place] - '0', NhsNumber.TryParse(new string(wrong), out _, out _));

            var swapped = x.patient.ToCharArray();
            (swapped[x.place], swapped[x.place + 1]) = (swapped[x.place + 1], swapped[x.place]);
            Assert.Equal(swapped[x.place] == swapped[x.place + 1], NhsNumber.TryParse(new string(swapped), out _, out _));
        });

    [Fact]
    public void Any_text_is_a_number_that_reads_back_or_a_mistake() => Property.HoldsForAnyText(text =>
    {
        var read = NhsNumber.TryParse(text, out var number, out var mistake);
        Assert.Equal(read, mistake == NhsNumberMistake.None);
        if (read)
            Assert.Equal(number, NhsNumber.Parse(number.ToString()));
    });
}
