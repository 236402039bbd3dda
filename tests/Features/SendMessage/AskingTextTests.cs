using AngleSharp.Html.Dom;
using PatientResponse.Features.SendMessage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>A message that asks something of a patient who has no way to answer.</summary>
public class AskingTextTests
{
    [Theory]
    [InlineData("How is your knee?", "?")]
    [InlineData("Wie geht es Ihnen？ Really?", "?")]
    [InlineData("Please reply by Friday.", "reply")]
    [InlineData("PLEASE RESPOND", "RESPOND")]
    [InlineData("Please send us a list of your tablets.", "send us")]
    [InlineData("Text back to us when you are home.", "Text back to us")]
    [InlineData("Let us know whether it helps.", "Let us know")]
    [InlineData("Take a photo of the rash in daylight.", "photo")]
    [InlineData("We need pictures of both feet.", "pictures")]
    [InlineData("Do not worry. Please answer soon.", "answer")]
    [InlineData("Do not reply to the old link. How is the rash?", "?")]
    [InlineData("See https://example.nhs.uk/a?b=c and tell us.", "tell us")]
    public void A_question_is_known_by_its_first_sign(string text, string sign) => Assert.Equal(sign, AskingText.Find(text, ""));

    [Theory]
    [InlineData("Your prescription is ready to collect.")]
    [InlineData("Please do not reply to this message.")]
    [InlineData("You cannot reply to this text.")]
    [InlineData("You can’t respond to this number. Call us on 01632 960002.")]
    [InlineData("There is no need to answer.")]
    [InlineData("You will not be able to reply.")]
    [InlineData("This is a no-reply message. No reply is needed.")]
    [InlineData("You can reply at reception, or reply by phone.")]
    [InlineData("Bring photo ID and your photo card.")]
    [InlineData("Bring photographic identification.")]
    [InlineData("Read https://www.nhs.uk/conditions/?q=photo#reply first.")]
    [InlineData("Write to reply@example.nhs.uk, not here.")]
    [InlineData("Your photosynthesis homework, the pictureshow and the replying machine.")]
    [InlineData("")]
    public void What_asks_for_nothing_is_left_alone(string text) => Assert.Null(AskingText.Find(text, ""));

    [Theory]
    [InlineData("Please bring a sample.", "sample", "sample")]
    [InlineData("Please bring a Blood  pressure\nreading.", "weight , blood pressure reading,", "Blood  pressure\nreading")]
    [InlineData("Please bring samples.", "sample", null)]
    [InlineData("A+B (c)", "a+b (c)", "A+B (c)")]
    [InlineData("Anything", " , ,", null)]
    public void A_practice_has_words_of_its_own(string text, string words, string? sign) => Assert.Equal(sign, AskingText.Find(text, words));

    [Fact]
    public async Task It_is_asked_about_before_it_goes_and_goes_when_Alice_says_so_or_when_Pat_can_answer()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);

        var asked = await alice.SubmitAsync("#compose", ("text", "How is your knee today?"));
        Assert.Equal(422, (int)asked.Status);
        Assert.Contains("Your message seems to ask for an answer (“?”), but the patient will not be able to reply. To get one, tick “Allow patient response”.", asked.Text, StringComparison.Ordinal);
        Assert.Equal("How is your knee today?", ((IHtmlTextAreaElement)asked.Html.QuerySelector("#text")!).Value);
        Assert.Empty(app.SentTexts);

        await alice.SubmitAsync("#compose", ("text", "How is your knee today?"), ("confirmed", MessageWarnings.Fingerprint("How is your knee today?")));
        await app.DoQueuedWorkAsync();
        Assert.Contains("How is your knee today?", Assert.Single(app.SentTexts).Text, StringComparison.Ordinal);
        Assert.Equal(["CannotReply"], await app.AuditedAsync("sent despite warnings"));

        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "And your other knee?"), ("allowResponse", "true"));
        await app.DoQueuedWorkAsync();
        Assert.Equal(2, app.SentTexts.Count);
    }

    [Fact]
    public async Task The_practices_words_are_set_by_its_manager_and_by_the_operator()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        Assert.Equal(0, (await app.CommandAsync("practice", "set", "demo", "--asking-words", "sample, fasting glucose")).Exit);
        await alice.GetAsync(Scenario.TestPatient);

        Assert.Contains("(“Fasting glucose”)", (await alice.SubmitAsync("#compose", ("text", "Fasting glucose on Monday."))).Text, StringComparison.Ordinal);

        Assert.Contains("The words have at most 300 characters", (await app.CommandAsync("practice", "set", "demo", "--asking-words", new string('a', 301))).Error, StringComparison.Ordinal);
        await alice.GetAsync("/practice");
        Assert.Equal("sample, fasting glucose", ((IHtmlInputElement)alice.Page.Html.QuerySelector("#askingWords")!).Value);
    }
}
