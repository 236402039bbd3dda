using PatientResponse.Features.Composing;
using PatientResponse.Features.SendMessage;

namespace PatientResponse.Tests.Features.SendMessage;

public class AskingWordsTests
{
    [Theory]
    [InlineData("How is your rash?", "?")]
    [InlineData("How are you today ? Thank you", "?")]
    [InlineData("How are you?Best wishes", "?")]
    [InlineData("Czy boli？", "?")]
    [InlineData("When can we call you?", "?")]
    [InlineData("What is the best number to call?", "?")]
    [InlineData("Have you seen https://www.nhs.uk/flu?", "?")]
    [InlineData("Please reply to this message.", "reply")]
    [InlineData("REPLY YES or NO", "REPLY")]
    [InlineData("If you do not feel well, reply today.", "reply")]
    [InlineData("Please text us back", "text us back")]
    [InlineData("Please tell us how you feel.", "tell us")]
    [InlineData("Let us know if it gets worse.", "Let us know")]
    [InlineData("Please send us your blood pressure readings.", "send us")]
    [InlineData("Please send your readings by Friday.", "send your readings")]
    [InlineData("Upload a picture, please.", "Upload")]
    [InlineData("A photo of the rash would help.", "photo")]
    [InlineData("We need a photo of your rash.", "photo")]
    [InlineData("We will need a photo of your rash.", "photo")]
    [InlineData("Please attach your photos", "photos")]
    [InlineData("Please confirm your address.", "confirm your")]
    [InlineData("Do not phone. Please reply here.", "reply")]
    [InlineData("Please reply at your earliest convenience.", "reply")]
    [InlineData("Please tell us how you feel, and call us if it gets worse.", "tell us")]
    [InlineData("How is your rash? Call us if it gets worse.", "?")]
    [InlineData("Please get back to us by Friday.", "get back to us")]
    public void Words_that_ask_for_an_answer_are_found(string text, string asking) => Assert.Equal(asking, AskingWords.Find(text, []));

    [Theory]
    [InlineData("Your results are normal.")]
    [InlineData("Do not reply to this message.")]
    [InlineData("Please don’t reply to this text.")]
    [InlineData("You do not need to reply.")]
    [InlineData("There is no need to reply")]
    [InlineData("No reply is needed.")]
    [InlineData("You cannot reply to this number")]
    [InlineData("This is a no-reply number. noreply@example.nhs.uk")]
    [InlineData("You can reply at reception.")]
    [InlineData("Please reply at your next appointment.")]
    [InlineData("Call us if it gets worse.")]
    [InlineData("We will get back to you.")]
    [InlineData("Please reply by phone")]
    [InlineData("You can reply to us in the NHS App.")]
    [InlineData("We will reply within 2 days.")]
    [InlineData("Thank you for your reply.")]
    [InlineData("In reply to your question: yes, you can fly.")]
    [InlineData("Feeling worse? Call us on 01632 960001.")]
    [InlineData("Any questions? Please phone reception.")]
    [InlineData("Is it an emergency? Call 999.")]
    [InlineData("Can you call us on 01632 960001?")]
    [InlineData("Could you come to reception?")]
    [InlineData("Did you know that flu jabs are free?")]
    [InlineData("What happens next? Your doctor looks at the result.")]
    [InlineData("See https://www.nhs.uk/search?q=flu&page=2 for more.")]
    [InlineData("See www.nhs.uk/search?q=flu")]
    [InlineData("See nhs.uk/search?q=photo")]
    [InlineData("Bring photo ID to your appointment.")]
    [InlineData("You need photo identification, such as a photocard.")]
    [InlineData("Please bring a photo with you.")]
    [InlineData("Thank you for the photos.")]
    [InlineData("I looked at your photo.")]
    [InlineData("Your photo shows a normal mole.")]
    [InlineData("Do not send photos of private parts.")]
    [InlineData("If you cannot come, tell us on the phone: call 01632 960001.")]
    [InlineData("Please tell us at reception.")]
    [InlineData("Please call us to let us know.")]
    [InlineData("The hospital will send your results.")]
    [InlineData("This is to confirm that your appointment is on 5 March.")]
    [InlineData("Please answer the phone when the hospital rings.")]
    [InlineData("")]
    public void Words_that_ask_for_none_or_for_one_elsewhere_are_not(string text) => Assert.Null(AskingWords.Find(text, []));

    [Fact]
    public void Every_template_that_we_bring_along_is_told_right() => Assert.All(
        BuiltInTemplates.All, template => Assert.Equal((template.Name, template.AllowResponse), (template.Name, AskingWords.Find(template.Text, []) is not null)));

    [Theory]
    [InlineData("Please fill in the FORM we sent.", "fill in the form")]
    [InlineData("Your peak-flow diary (C++) is due.", "C++")]
    public void A_practice_has_words_of_its_own(string text, string asking)
    {
        Assert.Null(AskingWords.Find(text, []));
        Assert.Equal(asking, AskingWords.Find(text, ["fill in the form", "C++"]));
        Assert.Null(AskingWords.Find("Do not fill in the form. Our forms are blue. https://example.org/fill in the formula", ["fill in the form", "C++"]));
    }

    [Fact]
    public void Any_text_can_be_looked_through() => Property.HoldsForAnyText(text => AskingWords.Find(text ?? "", ["form"]));
}
