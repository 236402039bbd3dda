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
    [InlineData("999 000 OO18", "An NHS number has only digits. You typed a letter.")]
    [InlineData("999 000 001B", "An NHS number has only digits. You typed a letter.")]
    [InlineData("999.000.0018", "An NHS number has only digits. You typed another character.")]
    [InlineData("999 000 0081", "This is not a valid NHS number. Check the digits – one may be wrong or two swapped.")]
    [InlineData("Smith 12", "Enter a name, an NHS number of 10 digits, or a date of birth such as 31/03/1980")]
    [InlineData("Smith 31/02/1980", "Enter the date of birth as a real date, for example 31/03/1980")]
    [InlineData("03/31/1980", "Enter the date of birth as a real date, for example 31/03/1980")]
    [InlineData("1980", "Add a name to the year of birth, or the day and month, for example 31/03/1980. An NHS number has 10 digits.")]
    [InlineData("020299", "An NHS number has 10 digits. You typed 6.")]
    [InlineData("99 90 00 00", "An NHS number has 10 digits. You typed 8.")]
    [InlineData("J", "Enter an NHS number, or at least 2 letters of a name")]
    [InlineData("?!", "Enter an NHS number, or at least 2 letters of a name")]
    [InlineData("ʼʼ", "Enter an NHS number, or at least 2 letters of a name")]
    public void A_mistake_in_the_search_box_is_named(string q, string message) =>
        Assert.Equal(new PatientQuery.Mistaken(message, InDob: false), PatientQuery.Parse(q, null));

    [Theory]
    [InlineData("SMITH, Jane (Mrs)  Born 20-Feb-1967 (59y)  Gender Female", "smith jane", "mrs")]
    [InlineData("Patient: Smith, Jane  Born: 20-Feb-1967 (59y)  Gender: Female", "smith jane", "")]
    [InlineData("Mrs Jane SMITH 20 Feb 1967 (59 y) Sex: F", "jane smith", "mrs")]
    [InlineData("Patient name: Jane Smith DOB 20/02/1967 Age: 59 yrs", "jane smith", "")]
    [InlineData("SMITH, Jane, Female, 20-Feb-1967", "smith jane", "")]
    [InlineData("Smith 20/02/1967 (59)", "smith", ""), InlineData("Smith 20/02/1967 59 years old", "smith", ""), InlineData("Smith (2y 3m) 20/02/1967", "smith", ""), InlineData("Smith 20.02.1967 (18 months)", "smith", ""), InlineData("Smith aged 59, 20/02/1967", "smith", "")]
    [InlineData("Male, John 20/02/1967", "male john", ""), InlineData("Sexton 20/02/1967", "sexton", ""), InlineData("Name 20/02/1967", "name", ""), InlineData("Smith F 20/02/1967", "smith f", "")]
    public void A_record_s_banner_is_read_as_it_is_copied(string banner, string name, string aside)
    {
        var query = Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse(banner, null));
        Assert.Equal((name, new DateOnly(1967, 2, 20), aside), (query.Normalised, query.Dob!.Date, query.Aside));
    }

    [Theory, InlineData("20/02/1967 (59)"), InlineData("Born 20-Feb-1967 (59y)"), InlineData("20/02/1967 59 yrs Gender: Female")]
    public void A_date_of_birth_with_an_age_is_searched_for_as_one(string typed) =>
        Assert.Equal(new DateOnly(1967, 2, 20), Assert.IsType<PatientQuery.ByBirth>(PatientQuery.Parse(typed, null)).Born.Date);

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

    [Theory]
    [InlineData("20/02/1967")]
    [InlineData("20-2-1967")]
    [InlineData("20.02.1967")]
    [InlineData("20 02 1967")]
    [InlineData("20 / 2 / 1967")]
    [InlineData("1967-02-20")]
    [InlineData("1967/2/20")]
    [InlineData("20021967")]
    [InlineData("19670220")]
    [InlineData("20 Feb 1967")]
    [InlineData("20-FEB-1967")]
    [InlineData("20 February 1967")]
    [InlineData("20th of February, 1967")]
    [InlineData("20Feb1967")]
    [InlineData("February 20, 1967")]
    [InlineData("Born 20-Feb-1967")]
    [InlineData("DOB: 20/02/1967")]
    [InlineData("\u200B20\u200A/\u00A002/1967\u200B")]
    [InlineData("２０／０２／１９６７")]
    [InlineData("20\u201302\u20131967")]
    public void A_date_is_a_date_of_birth_alone_with_a_name_and_in_its_own_box(string date)
    {
        Assert.Equal(new PatientQuery.ByBirth(new(1967, 2, 20)), PatientQuery.Parse(date, null));
        Assert.Equal(new PatientQuery.ByName("khan", new Birth(1967, 2, 20)), PatientQuery.Parse("khan " + date, null));
        Assert.Equal(new PatientQuery.ByName("khan", new Birth(1967, 2, 20)), PatientQuery.Parse($"Khan, {date}", ""));
        Assert.Equal(new PatientQuery.ByBirth(new(1967, 2, 20)), PatientQuery.Parse("", date));
        Assert.Equal(new PatientQuery.ByName("khan", new Birth(1967, 2, 20)), PatientQuery.Parse("khan", date));
    }

    [Theory]
    [InlineData("khan 1967", "khan", 1967, 0, 0)]
    [InlineData("1967 khan", "khan", 1967, 0, 0)]
    [InlineData("khan Feb 1967", "khan", 1967, 2, 0)]
    [InlineData("khan 2/1967", "khan", 1967, 2, 0)]
    [InlineData("khan sept. 1967", "khan", 1967, 9, 0)]
    [InlineData("20 feb 1967 khan", "khan", 1967, 2, 20)]
    [InlineData("khan 20/2/67", "khan", 67, 2, 20)]
    [InlineData("khan 20-Feb-67", "khan", 67, 2, 20)]
    [InlineData("SMITH, Zoë (Ms) 20-Feb-1967", "smith zoe", 1967, 2, 20)]
    [InlineData("april jones 1967", "april jones", 1967, 0, 0)]
    [InlineData("May 4 May 1967", "may", 1967, 5, 4)]
    public void A_date_of_any_exactness_narrows_a_name(string q, string name, int year, int month, int day)
    {
        var query = Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse(q, null));
        Assert.Equal((name, new Birth(year, month, day)), (query.Normalised, query.Dob));
    }

    [Fact]
    public void A_month_that_is_a_name_too_never_hides_who_is_called_that()
    {
        var query = Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse("Jones, June 1967", null));
        Assert.Equal(("jones", "june", new Birth(1967)), (query.Normalised, query.Aside, query.Dob));
        Assert.Equal(new PatientQuery.ByBirth(new(1967, 6)), PatientQuery.Parse("June 1967", null));
    }

    [Fact]
    public void A_year_of_two_digits_is_of_this_century_or_the_last()
    {
        var birth = PatientQuery.Parse("20/2/05", null).Dob!;
        Assert.True(birth.Contains(new(1905, 2, 20)) && birth.Contains(new(2005, 2, 20)));
        Assert.False(birth.Contains(new(1805, 2, 20)) || birth.Contains(new(2005, 2, 21)));
        Assert.Equal([new(1905, 2, 20), new DateOnly(2005, 2, 20)], birth.Days());
        Assert.Equal([new DateOnly(2000, 2, 29)], PatientQuery.Parse("29/2/00", null).Dob!.Days());
    }

    [Theory]
    [InlineData("NHS 999 000 0018")]
    [InlineData("NHS No. 999-000-0018")]
    [InlineData("９９９ ０００ ００１８")]
    [InlineData("\uFEFF999\u00A0000\u202F0018\u200B")]
    public void An_NHS_number_is_read_with_its_label_and_in_any_digits(string q) =>
        Assert.Equal(new PatientQuery.ByNhsNumber(NhsNumber.Parse("9990000018")), PatientQuery.Parse(q, null));

    [Fact]
    public void A_whole_line_pasted_from_a_record_is_a_search_by_number_that_checks_the_date() =>
        Assert.Equal(
            new PatientQuery.ByNhsNumber(NhsNumber.Parse("9990000018"), new(1967, 2, 20)),
            PatientQuery.Parse("SMITH, Zoe (Ms)  Born 20-Feb-1967 (57y)  Gender Female  NHS No. 999 000 0018", null));

    [Fact]
    public void Two_dates_that_differ_are_a_mistake_and_a_year_beside_its_date_is_none()
    {
        Assert.True(Assert.IsType<PatientQuery.Mistaken>(PatientQuery.Parse("khan 20/2/1967", "1967-02-21")).InDob);
        Assert.Equal(new Birth(1967, 2, 20), PatientQuery.Parse("khan 1967", "1967-02-20").Dob);
    }

    [Fact]
    public void Any_text_gives_a_query_whose_words_are_never_empty() => Property.HoldsForAnyText(text =>
    {
        foreach (var query in new[] { PatientQuery.Parse(text, null), PatientQuery.Parse(text, text), PatientQuery.Parse("Smith", text) })
            if (query is PatientQuery.ByName name)
                Assert.All(name.Tokens, token => Assert.NotEqual("", token));
    });
}
