using FsCheck.Fluent;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Features.SendMessage;

public class MessageWarningsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    private static readonly Patient Jane = new(
        "1", "Mrs", "Jane", "Smith", NhsNumber.Parse("9990000026"), new(1980, 1, 31), default(UkMobile), "", Deceased: false, Restricted: false, IsTest: false);

    [Fact]
    public void A_plain_message_warns_of_nothing() => Assert.Empty(Of("Please call us on 01632 960002 by 10 March 2026."));

    [Fact]
    public void Her_own_number_and_name_are_no_warning() => Assert.Empty(Of("Jane Smith, 999 000 0026, please call."));

    [Fact]
    public void Each_kind_of_mistake_has_its_own_words()
    {
        var warnings = Of("Susan Smith 999 872 0850 ___", otherNames: ["Susan Smith"]);

        Assert.Equal([WarningKind.OtherNhsNumber, WarningKind.OtherName, WarningKind.LeftToFillIn], warnings.Select(warning => warning.Kind));
        Assert.Equal("999 872 0850 looks like an NHS number, and it is not this patient’s.", warnings[0].Message);
        Assert.Equal("Susan Smith is the name of another patient of your practice.", warnings[1].Message);
        Assert.Equal("Still to be filled in: ___", warnings[2].Message);
    }

    [Fact]
    public void Another_message_that_the_page_did_not_tell_of_is_a_warning_for_ten_minutes()
    {
        var contact = new Contact([("Bob", 1)], Now, "Bob", null);
        var before = Instant.To(Now) - 1;

        Assert.Equal("Bob sent this patient a message less than a minute ago. That was after you opened this page.", Assert.Single(Of("Hello", contact, before)).Message);
        Assert.Single(Of("Hello", contact, before, Now.AddMinutes(10).AddSeconds(-1)));
        Assert.Empty(Of("Hello", contact, before, Now.AddMinutes(10)));
        Assert.Empty(Of("Hello", contact, Instant.To(Now)));
        Assert.Empty(Of("Hello", contact, seen: null));
    }

    [Fact]
    public void Confirming_one_text_confirms_no_other_and_no_message_that_came_meanwhile()
    {
        Warning left = new(WarningKind.LeftToFillIn, ""), another = new(WarningKind.AnotherMessage, "");
        var confirmed = MessageWarnings.Fingerprint("Your ___", allowResponse: false);

        Assert.Empty(MessageWarnings.Unconfirmed([left], "Your ___", confirmed));
        Assert.Equal([left], MessageWarnings.Unconfirmed([left], "Your ___ and ___", confirmed));
        Assert.Equal([left], MessageWarnings.Unconfirmed([left], "Your ___", ""));
        Assert.Equal([another], MessageWarnings.Unconfirmed([another, left], "Your ___", confirmed));
    }

    [Fact]
    public void What_asks_for_an_answer_is_confirmed_only_where_it_was_shown()
    {
        Warning left = new(WarningKind.LeftToFillIn, ""), asks = new(WarningKind.CannotReply, "");

        Assert.Empty(MessageWarnings.Unconfirmed([left, asks], "Your ___?", MessageWarnings.Fingerprint("Your ___?", allowResponse: false)));
        // The box was ticked when the page was made, and is not any more.
        Assert.Equal([asks], MessageWarnings.Unconfirmed([left, asks], "Your ___?", MessageWarnings.Fingerprint("Your ___?", allowResponse: true)));
    }

    [Theory]
    [InlineData("9990000026", "999 000 0026")]
    [InlineData("NHS:999-000-0026.", "999 000 0026")]
    [InlineData("999 000 0026", "999 000 0026")]
    [InlineData("9 9 9 0 0 0 0 0 2 6", "999 000 0026")]
    [InlineData("1. 999 000 0026 2. 9998720850", "999 000 0026, 999 872 0850")]
    [InlineData("at 10 999 000 0026", "999 000 0026")]
    [InlineData("999 000 0027", "")]
    [InlineData("99900000261", "")]
    [InlineData("07700 900123, 020 7946 0318, 01632 960 001", "")]
    [InlineData("+44 9990000026, +449990000026", "")]
    public void NHS_numbers_are_found_among_other_digits(string text, string found) =>
        Assert.Equal(found, string.Join(", ", NhsNumbersInText.Find(text)));

    [Fact]
    public void Any_NHS_number_is_found_in_any_words_however_it_is_spaced() => Property.Holds(
        from number in Gen.Elements(SamplePatients.Read().Select(patient => patient.NhsNumber))
        from before in Gen.Elements("", "For ", "Her number is:\n", "(", "Ж")
        from space in Gen.Elements("", " ", "-", "\u00A0", "–", " - ")
        from after in Gen.Elements("", ".", " please", ")\nThanks", ", 10 March")
        select (number, text: before + number.ToString().Replace(" ", space, StringComparison.Ordinal) + after),
        x => Assert.Equal([x.number], NhsNumbersInText.Find(x.text)));

    [Theory]
    [InlineData("Please ask Susan Smith to call", "Susan Smith")]
    [InlineData("SUSAN SMITH", "SUSAN SMITH")]
    [InlineData("Llywelyn ap Rhys", "Llywelyn ap Rhys")]
    [InlineData("Susan Smith's results", "Susan Smith")]
    [InlineData("SMITH, Susan", "Susan SMITH")]
    [InlineData("Żaneta O’Brien-Dąbrowska", "Żaneta O’Brien-Dąbrowska")]
    public void Names_are_found_as_whole_words(string text, string name) => Assert.Contains(name, NamesInText.Find(text, []));

    [Theory]
    [InlineData("please call susan smith")]
    [InlineData("Susan. Smith")]
    [InlineData("Susan\nSmith")]
    [InlineData("Susan 5 Smith")]
    public void What_is_no_row_of_capitals_is_no_name(string text) => Assert.DoesNotContain(NamesInText.Find(text, []), name => name.Contains("mith", StringComparison.Ordinal));

    [Fact]
    public void Names_that_belong_in_the_message_are_left_out() =>
        Assert.Empty(NamesInText.Find("Jane Smith: Dr Alice Jones here. Rose Lane Surgery", ["Jane Smith", "Dr Alice Jones", "Rose Lane Surgery"]));

    [Fact]
    public void Any_text_can_be_searched() => Property.HoldsForAnyText(text =>
    {
        Assert.All(NamesInText.Find(text ?? "", []), name => Assert.Contains(' ', name));
        Assert.All(NhsNumbersInText.Find(text ?? ""), number => Assert.Equal(10, number.Value.Length));
    });

    private static IReadOnlyList<Warning> Of(
        string text, Contact? contact = null, long? seen = 0, DateTimeOffset? now = null, IReadOnlyList<string>? otherNames = null) =>
        MessageWarnings.Of(text, Jane, otherNames ?? [], asks: null, contact ?? Contact.None, seen, now ?? Now);
}
