using PatientResponse.Features.ImportPatients;

namespace PatientResponse.Tests.Features.ImportPatients;

public class PatientRowTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);
    private static readonly PatientColumns Columns = PatientColumns.Read(["NHS number", "Given name", "Family name", "Date of birth", "Mobile", "Deceased", "Restricted"], out _)!;
    private static readonly string[] Jane = ["999 000 0026", "Jane", "Smith", "1980-03-31", "07700 900123", "", ""];

    [Theory]
    [InlineData("NHS Number,Forename,Surname,DOB,Mobile")]
    [InlineData("nhs_number,first name,LAST NAME,date-of-birth,Mobile No.")]
    [InlineData("Mobile telephone,D.O.B.,NHS No,Family Name,Given Names,Address")]
    public void Headers_are_known_by_their_common_names(string header) =>
        Assert.Equal(5, PatientColumns.Read(header.Split(','), out _)!.Places.Count);

    [Theory]
    [InlineData("9990000026,Jane,Smith,1980-03-31,07700900123", "Not found: NHS number, Given name, Family name, Date of birth, Mobile")]
    [InlineData("NHS number,Forename,Surname,DOB", "Not found: Mobile")]
    [InlineData("NHS number,Forename,First name,Surname,DOB,Mobile", "More than one column could be: Given name")]
    public void A_header_that_will_not_do_is_told_of_without_its_words(string header, string words)
    {
        Assert.Null(PatientColumns.Read(header.Split(','), out var mistake));
        Assert.Contains(words, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("Jane", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1980-03-31")]
    [InlineData("31/03/1980")]
    [InlineData("31/3/1980")]
    [InlineData("31-Mar-1980")]
    [InlineData("31-MAR-1980")]
    public void Dates_are_read_in_each_of_their_forms(string date) => Assert.Equal(new(1980, 3, 31), Read(3, date, out _)!.DateOfBirth);

    [Theory]
    [InlineData(0, "", "NHS number: empty")]
    [InlineData(0, "999 000 0027", "NHS number: the check digit is wrong")]
    [InlineData(0, "99900", "NHS number: not 10 digits")]
    [InlineData(0, "9990O00026", "NHS number: not digits only")]
    [InlineData(1, " ", "Given name: empty")]
    [InlineData(2, "--", "Family name: empty")]
    [InlineData(3, "03/31/1980", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(3, "31/03/80", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(3, "2026-03-03", "Date of birth: in the future")]
    [InlineData(3, "1066-10-14", "Date of birth: before 1880")]
    [InlineData(5, "perhaps", "Deceased: neither yes nor no")]
    [InlineData(6, "S", "Restricted: neither yes nor no")]
    public void A_mistake_names_the_column_and_not_what_stands_there(int column, string text, string mistake)
    {
        Assert.Null(Read(column, text, out var told));
        Assert.Equal(mistake, told);
    }

    [Fact]
    public void A_row_with_too_few_or_too_many_columns_is_a_mistake_and_empty_ones_at_the_end_are_not()
    {
        Assert.Null(PatientRow.Read(Columns, Jane[..5], Today, out var mistake));
        Assert.Equal("5 columns, where the first line has 7", mistake);
        Assert.Null(PatientRow.Read(Columns, [.. Jane, "x"], Today, out _));
        Assert.NotNull(PatientRow.Read(Columns, [.. Jane, "", ""], Today, out _));
    }

    [Fact]
    public void Any_text_in_any_column_is_a_patient_or_a_mistake() => Property.HoldsForAnyText(text =>
    {
        for (var column = 0; column < Jane.Length; column++)
            Assert.Equal(Read(column, text ?? "", out var mistake) is null, mistake != "");
    });

    private static PatientResponse.Infrastructure.Patients.PatientRecord? Read(int column, string text, out string mistake)
    {
        var cells = Jane.ToArray();
        cells[column] = text;
        return PatientRow.Read(Columns, cells, Today, out mistake);
    }
}
