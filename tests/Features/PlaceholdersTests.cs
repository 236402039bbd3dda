using PatientResponse.Features.Composing;

namespace PatientResponse.Tests.Features;

public class PlaceholdersTests
{
    private static readonly PlaceholderValues Values = new("Pat", "Pat Patient", "Dr Alice", "Riverside Surgery", "01632 960002");

    [Theory]
    [InlineData("[my name] from [practice name]", "Dr Alice from Riverside Surgery")]
    [InlineData("[ My  Name ]", "Dr Alice")]
    [InlineData("[patient first name], [patient name], [PRACTICE PHONE]", "Pat, Pat Patient, 01632 960002")]
    [InlineData("[something else] and ___", "[something else] and ___")]
    [InlineData("[[my name]]", "[Dr Alice]")]
    public void Words_in_brackets_are_filled_in(string text, string expected) =>
        Assert.Equal(expected, Placeholders.Expand(text, Values));

    [Fact]
    public void One_without_a_value_stays_to_be_seen()
    {
        var text = Placeholders.Expand("Call [practice phone].", Values with { PracticePhone = "" });

        Assert.Equal("Call [practice phone].", text);
        Assert.Equal(["[practice phone]"], Placeholders.LeftIn(text));
    }

    [Fact]
    public void A_name_that_looks_like_a_placeholder_is_not_filled_in_again() =>
        Assert.Equal("[my name]", Placeholders.Expand("[patient name]", Values with { PatientName = "[my name]" }));

    [Theory]
    [InlineData("How is [your knee]?", "[your knee]")]
    [InlineData("Dear {{name}} and {{}}", "{{name}}|{{}}")]
    [InlineData("Your ___ is due on ____, ___ again", "___|____")]
    [InlineData("Hello <first name>", "<first name>")]
    [InlineData("Dear {patient first name}, hello {first_name}", "{patient first name}|{first_name}")]
    [InlineData("Readings [1], [ ] and a__b are < 5 and > 3, {5}", "")]
    public void What_waits_to_be_filled_in_is_found(string text, string found) =>
        Assert.Equal(found, string.Join('|', Placeholders.LeftIn(text)));

    [Fact]
    public void What_we_know_and_blanks_are_not_unknown() =>
        Assert.Equal(["[drug]", "{{x}}", "<dose>"], Placeholders.Unknown("[My name] ___ [drug] {{x}} <dose>"));

    [Fact]
    public void Any_text_can_be_looked_at() => Property.HoldsForAnyText(text =>
    {
        foreach (var found in Placeholders.LeftIn(text ?? ""))
            Assert.Contains(found, text!, StringComparison.Ordinal);
        if (text is not null && !text.Contains('['))
            Assert.Equal(text, Placeholders.Expand(text, Values));
    });
}
