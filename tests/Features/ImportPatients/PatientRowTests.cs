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
    [InlineData("31 March 1980")]
    [InlineData("31st March 1980")]
    [InlineData("March 31, 1980")]
    [InlineData("31.03.1980")]
    [InlineData("31.Mar.1980")]
    [InlineData("1980/03/31")]
    [InlineData("19800331")]
    [InlineData("31031980")]
    [InlineData("31/03/1980 00:00:00")]
    [InlineData("1980-03-31 00:00:00.000")]
    [InlineData("1980-03-31T00:00:00Z")]
    [InlineData("=\"31/03/1980\"")]
    [InlineData("\u00A031/03/1980")]
    public void Dates_are_read_in_each_of_their_forms(string date) => Assert.Equal(new(1980, 3, 31), Read(3, date, out _)!.DateOfBirth);

    [Theory]
    [InlineData("05-Sept-1980")]
    [InlineData("5 Sept. 1980")]
    [InlineData("5-SEP-1980")]
    [InlineData("5 September 1980")]
    public void September_is_written_in_several_ways(string date) => Assert.Equal(new(1980, 9, 5), Read(3, date, out _)!.DateOfBirth);

    [Theory]
    [InlineData(0, "", "NHS number: empty")]
    [InlineData(0, "999 000 0027", "NHS number: the check digit is wrong")]
    [InlineData(0, "99900", "NHS number: not 10 digits")]
    [InlineData(0, "9990O00026", "NHS number: not digits only")]
    [InlineData(0, "9.99E+09", "NHS number: a spreadsheet has shortened it")]
    [InlineData(1, "?ukasz", "Given name: a letter was lost")]
    [InlineData(1, "Zo?", "Given name: a letter was lost")]
    [InlineData(2, "M?ller", "Family name: a letter was lost")]
    [InlineData(2, "Mu¿oz", "Family name: a letter was lost")]
    [InlineData(2, "M\u001Aller", "Family name: a letter was lost")]
    [InlineData(2, "M□ller", "Family name: a letter was lost")]
    [InlineData(2, "M\uFFFDller", "Family name: a byte that is no letter")]
    [InlineData(1, "ZoÃ«", "Given name: letters in another encoding")]
    [InlineData(1, "Å\u0081ukasz", "Given name: letters in another encoding")]
    [InlineData(2, "Oâ€™Brien", "Family name: letters in another encoding")]
    [InlineData(2, "MÃ¼ller", "Family name: letters in another encoding")]
    [InlineData(1, "ZoÃ", "Given name: letters in another encoding")]
    [InlineData(1, "RenŽe", "Given name: letters in another encoding")]
    [InlineData(4, "0770\uFFFD0900123", "Mobile: a byte that is no letter")]
    [InlineData(3, "03/31/1980", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(3, "31/03/80", "Date of birth: the year needs 4 digits")]
    [InlineData(3, "31-Mar-80", "Date of birth: the year needs 4 digits")]
    [InlineData(3, "1980", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(3, "29311", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(3, "31/03/1980 14:30", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(3, "2026-03-03", "Date of birth: in the future")]
    [InlineData(3, "1066-10-14", "Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980")]
    [InlineData(5, "perhaps", "Deceased: neither yes nor no")]
    [InlineData(6, "S", "Restricted: neither yes nor no")]
    public void A_mistake_names_the_column_and_not_what_stands_there(int column, string text, string mistake)
    {
        Assert.Null(Read(column, text, out var told));
        Assert.Equal(mistake, told);
    }

    [Theory]
    [InlineData("", "Sukarno", "", "Sukarno")]
    [InlineData("Madonna", "", "Madonna", "")]
    [InlineData("Madonna", "-", "Madonna", "")]
    [InlineData("..", "Suharto", "", "Suharto")]
    public void Who_has_one_name_is_a_patient(string given, string family, string readGiven, string readFamily)
    {
        string[] cells = ["999 000 0026", given, family, .. Jane[3..]];
        var row = PatientRow.Read(Columns, cells, Today);
        Assert.Equal(("", readGiven, readFamily), (row.Mistake, row.Patient.GivenName, row.Patient.FamilyName));
        Assert.Equal("Given name and Family name: both empty", PatientRow.Read(Columns, ["999 000 0026", "-", " ", .. Jane[3..]], Today).Mistake);
    }

    [Theory]
    [InlineData("O’Brien")]
    [InlineData("hÉanaigh")]
    [InlineData("JOÃO")]
    [InlineData("D'Souza-Ñíguez")]
    [InlineData("St. John (Smith)")]
    [InlineData("‘evE")]
    [InlineData("’t Hooft")]
    [InlineData("Ångström")]
    [InlineData("Müller/Schmidt")]
    public void Names_as_they_are_stay_as_they_are(string name) => Assert.Equal(name, Read(2, name, out _)!.FamilyName);

    [Theory]
    [InlineData("9990000026")]
    [InlineData("'9990000026")]
    [InlineData("=\"9990000026\"")]
    [InlineData("9990000026.0")]
    [InlineData("9.990000026E+09")]
    [InlineData("９９９ ０００ ００２６")]
    [InlineData("999\u00A0000\u200B0026")]
    public void An_NHS_number_is_read_as_spreadsheets_write_it(string text) => Assert.Equal("9990000026", Read(0, text, out _)!.NhsNumber.Value);

    [Theory]
    [InlineData("07700 900123", "07700 900123", "")]
    [InlineData("07700.900.123", "07700 900123", "")]
    [InlineData("07700/900123", "07700 900123", "")]
    [InlineData("447700900123", "07700 900123", "")]
    [InlineData("(+44) 7700 900123", "07700 900123", "")]
    [InlineData("+44 (0)7700 900123", "07700 900123", "")]
    [InlineData("００４４7700900123", "07700 900123", "")]
    [InlineData("＋447700900123", "07700 900123", "")]
    [InlineData("tel:+447700900123", "07700 900123", "")]
    [InlineData("'07700900123", "07700 900123", "")]
    [InlineData("=\"07700900123\"", "07700 900123", "")]
    [InlineData("07700\u200B900123\u00A0", "07700 900123", "")]
    [InlineData("7700900123", "07700 900123", "Mobile: the 0 that was missing in front was added")]
    [InlineData("7700900123.0", "07700 900123", "Mobile: the 0 that was missing in front was added")]
    [InlineData("7.700900123E+09", "07700 900123", "Mobile: the 0 that was missing in front was added")]
    [InlineData("07700 900123 (wife)", "07700 900123", "Mobile: the number was taken, and what stands beside it left out")]
    [InlineData("wife's: 07700900123, works nights, ring after six please", "07700 900123", "Mobile: the number was taken, and what stands beside it left out")]
    [InlineData("07700900123 ext 2", "07700 900123", "Mobile: the number was taken, and what stands beside it left out")]
    [InlineData("07700900123 / 07700 900123", "07700 900123", "Mobile: the number was taken, and what stands beside it left out")]
    [InlineData("020 7946 0742 / 07700 900123", "07700 900123", "Mobile: the number was taken, and what stands beside it left out")]
    [InlineData("Mob +44 7700 900123", "07700 900123", "Mobile: the number was taken, and what stands beside it left out")]
    [InlineData("07700900123 / 07700900124", "07700900123 / 07700900124", "Mobile: cannot be texted: more than one number")]
    [InlineData("7.7E+09", "7.7E+09", "Mobile: cannot be texted: a spreadsheet has shortened the number")]
    [InlineData("4.4770E+11", "4.4770E+11", "Mobile: cannot be texted: a spreadsheet has shortened the number")]
    [InlineData("020 7946 0742", "020 7946 0742", "Mobile: cannot be texted: This is a landline number")]
    [InlineData("+33 6 12 34 56 78", "+33 6 12 34 56 78", "Mobile: cannot be texted: This is not a UK number")]
    [InlineData("0770090012", "0770090012", "Mobile: cannot be texted: A UK mobile number has 11 digits")]
    [InlineData("ask daughter", "ask daughter", "Mobile: cannot be texted: A mobile number has only digits, and perhaps a plus sign in front")]
    [InlineData("", null, "")]
    [InlineData("NULL", null, "")]
    [InlineData("n/a", null, "")]
    [InlineData("-", null, "")]
    [InlineData("00000 000000", null, "")]
    public void A_mobile_number_is_taken_or_told_of_without_saying_it(string text, string? kept, string remark)
    {
        string[] cells = [.. Jane[..4], text, "", ""];
        var row = PatientRow.Read(Columns, cells, Today);
        Assert.Equal(("", kept, remark), (row.Mistake, row.Patient.Mobile, row.Remark));
        Assert.Equal(kept == "07700 900123", row.CanBeTexted);
    }

    [Fact]
    public void A_row_with_too_few_or_too_many_columns_is_a_mistake_and_empty_ones_at_the_end_are_not()
    {
        Assert.Equal("5 columns, where the first line has 7", PatientRow.Read(Columns, Jane[..5], Today).Mistake);
        Assert.Equal("8 columns, where the first line has 7", PatientRow.Read(Columns, [.. Jane, "x"], Today).Mistake);
        Assert.Equal("", PatientRow.Read(Columns, [.. Jane, "", ""], Today).Mistake);
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
        var row = PatientRow.Read(Columns, cells, Today);
        mistake = row.Mistake;
        return mistake == "" ? row.Patient : null;
    }
}
