using System.Globalization;
using FsCheck.Fluent;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Tests.Infrastructure.Web;

public class DateInputTests
{
    private static readonly DateOnly Today = new(2026, 6, 15);

    [Theory]
    [InlineData("5", "3", "1980")]
    [InlineData("05", "03", "1980")]
    [InlineData(" 5 ", "\t3", "1980\u00A0")]
    [InlineData("5", "Mar", "1980")]
    [InlineData("5", "MARCH", "1980")]
    [InlineData("5", "march", "1980")]
    [InlineData("5", "Mar.", "1980")]
    [InlineData("٥", "٣", "١٩٨٠")]
    [InlineData("\u200F٥", "٠٣", "١٩٨٠\u200E")]
    [InlineData("５", "３", "１９８０")]
    [InlineData("０５", "０３", "１\u200B９８０")]
    [InlineData("\u202F5", "Ｍａｒ", "1\u200B980")]
    [InlineData("5\u2060", "3\uFEFF", "1\u00A0980")]
    [InlineData("\u2066\u202A5\u202C\u2069", "\u061C3", "\u200E1980\u200F")]
    [InlineData("5\uFE0F\u20E3", "\u00AD3", "1\u001F980\0")]
    [InlineData("५", "۳", "𝟏𝟗𝟖𝟎")]
    [InlineData("\U0001E955", "꩓", "᠑᠙᠘᠐")]
    [InlineData("5.", "3/", "1980.")]
    [InlineData("5/", "3-", "1980,")]
    [InlineData("5th", "Mar\u200Bch", "1980")]
    [InlineData("５ｔｈ", "ＭＡＲ．", "1 980")]
    [InlineData("5ed", "Mar", "1980")]
    public void A_date_is_read_however_it_is_written(string day, string month, string year) =>
        Assert.Equal(new DateInputResult(new DateOnly(1980, 3, 5), null, false, false, false), Parse(day, month, year));

    [Theory]
    [InlineData(null, null, null, "Enter your date of birth", "dmy")]
    [InlineData("", " ", "", "Enter your date of birth", "dmy")]
    [InlineData("", "3", "1980", "Date of birth must include a day", "d")]
    [InlineData("5", "", "1980", "Date of birth must include a month", "m")]
    [InlineData("5", "3", "", "Date of birth must include a year", "y")]
    [InlineData("", "", "1980", "Date of birth must include a day and month", "dm")]
    [InlineData("5", "", "", "Date of birth must include a month and year", "my")]
    [InlineData("", "3", "", "Date of birth must include a day and year", "dy")]
    [InlineData("5", "3", "80", "Year must include 4 numbers", "y")]
    [InlineData("5", "3", "198", "Year must include 4 numbers", "y")]
    [InlineData("5", "3", "19800", "Year must include 4 numbers", "y")]
    [InlineData("32", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("0", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("-5", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("3-1", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("3\u001E1", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("005", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("5", "13", "1980", "Date of birth must be a real date", "m")]
    [InlineData("5", "Ma", "1980", "Date of birth must be a real date", "m")]
    [InlineData("5", "Marchy", "1980", "Date of birth must be a real date", "m")]
    [InlineData("5", "...", "1980", "Date of birth must include a month", "m")]
    [InlineData("5", "3", "MCMX", "Date of birth must be a real date", "y")]
    [InlineData("x", "y", "zzzz", "Date of birth must be a real date", "dmy")]
    [InlineData("31", "2", "1980", "Date of birth must be a real date", "dmy")]
    [InlineData("29", "2", "1981", "Date of birth must be a real date", "dmy")]
    [InlineData("29", "2", "1900", "Date of birth must be a real date", "dmy")]
    [InlineData("5", "3", "1879", "Date of birth must be a real date", "y")]
    [InlineData("5", "3", "0000", "Date of birth must be a real date", "y")]
    [InlineData("5xyz", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("th", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("005th", "3", "1980", "Date of birth must be a real date", "d")]
    [InlineData("\u200B", "\u00A0\uFEFF", "\u2800\u3164", "Enter your date of birth", "dmy")]
    [InlineData("5", "3", "８０", "Year must include 4 numbers", "y")]
    [InlineData("３１", "２", "１９８０", "Date of birth must be a real date", "dmy")]
    [InlineData("16", "6", "2026", "Date of birth must be in the past", "dmy")]
    public void A_mistake_is_named_and_its_parts_marked(string? day, string? month, string? year, string error, string parts) =>
        Assert.Equal(
            new DateInputResult(null, error, parts.Contains('d'), parts.Contains('m'), parts.Contains('y')),
            Parse(day, month, year));

    [Theory]
    [InlineData("Sept")]
    [InlineData("Sept.")]
    [InlineData("Ｓｅｐｔ")]
    [InlineData("sep\u200Btember")]
    public void September_has_its_short_names(string month) => Assert.Equal(new DateOnly(1980, 9, 5), Parse("5", month, "1980").Date);

    [Theory]
    [InlineData("1", "1", "1880")]
    [InlineData("29", "2", "2000")]
    [InlineData("15", "6", "2026")]
    public void The_first_and_last_days_possible_are_accepted(string day, string month, string year) =>
        Assert.NotNull(Parse(day, month, year).Date);

    [Fact]
    public void Every_past_day_reads_back_in_every_writing() => Property.Holds(
        from date in Gen.Choose(new DateOnly(1880, 1, 1).DayNumber, Today.DayNumber).Select(DateOnly.FromDayNumber)
        from dayFormat in Gen.Elements("%d", "dd")
        from monthFormat in Gen.Elements("%M", "MM", "MMM", "MMMM")
        select (date, dayFormat, monthFormat),
        x => Assert.Equal(x.date, Parse(Written(x.date, x.dayFormat), Written(x.date, x.monthFormat), Written(x.date, "yyyy")).Date));

    [Fact]
    public void Any_text_is_a_date_or_an_error_with_a_part_marked() => Property.HoldsForAnyText(text =>
    {
        foreach (var result in new[] { Parse(text, "3", "1980"), Parse("5", text, "1980"), Parse("5", "3", text), Parse(text, text, text) })
        {
            Assert.Equal(result.Date is null, result.Error is not null);
            Assert.Equal(result.Date is null, result.DayInError || result.MonthInError || result.YearInError);
        }
    });

    private static DateInputResult Parse(string? day, string? month, string? year) =>
        DateInput.Parse(day, month, year, Today);

    private static string Written(DateOnly date, string format) => date.ToString(format, CultureInfo.InvariantCulture);
}
