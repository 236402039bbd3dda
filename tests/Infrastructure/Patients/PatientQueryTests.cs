using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class PatientQueryTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData(" - ", " ")]
    public void Nothing_typed_is_an_empty_query(string? q, string? dob) =>
        Assert.IsType<PatientQuery.Empty>(PatientQuery.Parse(q, dob));

    [Theory]
    [InlineData("9990000018")]
    [InlineData("999 000 0018")]
    [InlineData("999-000-0018")]
    public void Ten_digits_are_an_NHS_number(string q) =>
        Assert.Equal(new PatientQuery.ByNhsNumber(NhsNumber.Parse("9990000018")), PatientQuery.Parse(q, null));

    [Theory]
    [InlineData("999 000 001", "An NHS number has 10 digits. You typed 9.")]
    [InlineData("999 000 00188", "An NHS number has 10 digits. You typed 11.")]
    [InlineData("5", "An NHS number has 10 digits. You typed 1.")]
    [InlineData("999 OOO 0018", "An NHS number has only digits. You typed a letter.")]
    [InlineData("l23 456 7890", "An NHS number has only digits. You typed a letter.")]
    [InlineData("NHS 999 000 0018", "Enter a name, or an NHS number of 10 digits. A date of birth has its own box.")]
    [InlineData("999 000 OO18", "An NHS number has only digits. You typed a letter.")]
    [InlineData("999 000 001B", "An NHS number has only digits. You typed a letter.")]
    [InlineData("999.000.0018", "An NHS number has only digits. You typed another character.")]
    [InlineData("999 000 0081", "This is not a valid NHS number. Check the digits – one may be wrong or two swapped.")]
    [InlineData("Smith 12/03/1980", "Enter a name, or an NHS number of 10 digits. A date of birth has its own box.")]
    [InlineData("J", "Enter an NHS number, or at least 2 letters of a name")]
    [InlineData("?!", "Enter an NHS number, or at least 2 letters of a name")]
    [InlineData("ʼʼ", "Enter an NHS number, or at least 2 letters of a name")]
    public void A_mistake_in_the_search_box_is_named(string q, string message) =>
        Assert.Equal(new PatientQuery.Mistaken(message, InDob: false), PatientQuery.Parse(q, null));

    [Fact]
    public void A_name_has_at_most_100_characters()
    {
        Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse(new string('a', 100), null));
        Assert.Equal(new PatientQuery.Mistaken("A name must be 100 characters or fewer", false), PatientQuery.Parse(new string('a', 101), null));
    }

    [Theory]
    [InlineData("1980-01-31")]
    [InlineData("31/01/1980")]
    [InlineData(" 31/1/1980 ")]
    public void A_date_of_birth_narrows_a_name_and_checks_a_number(string dob)
    {
        Assert.Equal(new PatientQuery.ByName("smith", new DateOnly(1980, 1, 31)), PatientQuery.Parse("Smith", dob));
        Assert.Equal(new PatientQuery.ByNhsNumber(NhsNumber.Parse("9990000018"), new DateOnly(1980, 1, 31)), PatientQuery.Parse("999 000 0018", dob));
    }

    [Theory]
    [InlineData("31/02/1980")]
    [InlineData("1980-13-01")]
    [InlineData("80")]
    [InlineData("yesterday")]
    [InlineData("0001-01-01")]
    public void A_mistaken_date_is_named_beside_its_box(string dob)
    {
        foreach (var q in new[] { "Smith", "9990000018" })
        {
            var mistaken = Assert.IsType<PatientQuery.Mistaken>(PatientQuery.Parse(q, dob));
            Assert.True(mistaken.InDob);
            Assert.Contains("real date", mistaken.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_date_of_birth_alone_asks_for_a_name() =>
        Assert.Equal(new PatientQuery.Mistaken("Enter an NHS number or a name", InDob: false), PatientQuery.Parse("", "1980-01-31"));

    [Fact]
    public void Any_text_gives_a_query_whose_words_are_never_empty() => Property.HoldsForAnyText(text =>
    {
        foreach (var query in new[] { PatientQuery.Parse(text, null), PatientQuery.Parse(text, text), PatientQuery.Parse("Smith", text) })
            if (query is PatientQuery.ByName name)
                Assert.All(name.Tokens, token => Assert.NotEqual("", token));
    });
}
