using FsCheck.Fluent;
using PatientResponse.Features.Composing;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Features.SendMessage;

public class TemplateChoiceTests
{
    private static readonly Template Knee = new("1", "Knee", "How is your knee, [patient first name]?", true);
    private static readonly Template Normal = new("2", "Normal", "All is well. [my name]", false);

    private static readonly ComposeForm Empty = new(
        new("1", "Mrs", "Jane", "Smith", NhsNumber.Parse("9990000026"), new(1980, 1, 31), default(UkMobile), "", Deceased: false, Restricted: false, IsTest: false),
        new Practice { Name = "Riverside", SignOff = "Riverside" }, new Clinician { Name = "Dr Alice" }, Guid.Empty, "", false, "https://x.example/r/x")
    { Mine = [Knee], Shared = [Normal] };

    [Fact]
    public void An_empty_message_becomes_the_template_with_names_and_tick()
    {
        var form = TemplateChoice.Put(Empty with { Text = " \n" }, Knee);

        Assert.Equal(("How is your knee, Jane?", true), (form.Text, form.AllowResponse));
        Assert.Equal("“Knee” is in your message.", form.Note);
    }

    [Fact]
    public void A_tick_of_her_own_stays() => Assert.True(TemplateChoice.Put(Empty with { AllowResponse = true }, Normal).AllowResponse);

    [Fact]
    public void Another_template_takes_the_place_of_one_that_she_has_not_touched()
    {
        var form = TemplateChoice.Put(TemplateChoice.Put(Empty, Knee), Normal);

        Assert.Equal(("All is well. Dr Alice", false), (form.Text, form.AllowResponse));
    }

    [Fact]
    public void What_she_wrote_stays_and_the_template_comes_below_it()
    {
        var form = TemplateChoice.Put(Empty with { Text = "Your scan is back.\n", AllowResponse = true }, Normal);

        Assert.Equal(("Your scan is back.\n\nAll is well. Dr Alice", true), (form.Text, form.AllowResponse));
        Assert.Contains("below what you wrote", form.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void No_word_that_she_wrote_is_ever_lost() => Property.Holds(
        from text in Gen.Elements("x", "How is your knee, Jane? ", "How is your knee, Jane!", "Your ___", "[my name]")
        from template in Gen.Elements(Knee, Normal)
        select (text, template),
        x => Assert.True(
            TemplateChoice.Put(Empty with { Text = x.text }, x.template).Text.StartsWith(x.text.Trim(), StringComparison.Ordinal)
            || x.text.Trim() == "How is your knee, Jane?"));
}
