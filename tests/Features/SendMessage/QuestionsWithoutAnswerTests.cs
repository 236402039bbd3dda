using AngleSharp.Html.Dom;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>A message that asks something of a patient who has no way to answer.</summary>
public class QuestionsWithoutAnswerTests
{
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

        await alice.SubmitAsync("#compose", ("text", "How is your knee today?"), ("confirmed", asked.Html.QuerySelector("[name=confirmed]")!.GetAttribute("value")!));
        await app.DoQueuedWorkAsync();
        Assert.Contains("How is your knee today?", Assert.Single(app.SentTexts).Text, StringComparison.Ordinal);
        Assert.Equal(["CannotReply"], await app.AuditedAsync("sent despite warnings"));

        await alice.GetAsync(Scenario.TestPatient);
        Assert.Contains("Allow patient response and send", (await alice.SubmitAsync("#compose", ("text", "And your other knee?"))).Text, StringComparison.Ordinal);
        await alice.SubmitAsync("#compose", ("allowResponse", "true"));
        await app.DoQueuedWorkAsync();
        Assert.Equal(2, app.SentTexts.Count);
    }

    [Fact]
    public async Task Send_anyway_confirms_nothing_that_was_not_shown()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var asked = await alice.SubmitAsync("#compose", ("text", "Could you tell us your ___?"), ("allowResponse", "true"));
        Assert.DoesNotContain("seems to ask", asked.Text, StringComparison.Ordinal);

        asked = await alice.SubmitAsync("#compose", ("allowResponse", ""), ("confirmed", asked.Html.QuerySelector("[name=confirmed]")!.GetAttribute("value")!));

        Assert.Contains("seems to ask", asked.Text, StringComparison.Ordinal);
        await app.DoQueuedWorkAsync();
        Assert.Empty(app.SentTexts);
    }

    [Fact]
    public async Task The_practices_words_are_set_by_its_manager_and_by_the_operator()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        Assert.Equal(0, (await app.CommandAsync("practice", "set", "demo", "--asking-words", "sample, fasting glucose")).Exit);
        await alice.GetAsync(Scenario.TestPatient);

        Assert.Contains("(“fasting glucose”)", (await alice.SubmitAsync("#compose", ("text", "Fasting glucose on Monday."))).Text, StringComparison.Ordinal);

        Assert.Contains("The words have at most 300 characters", (await app.CommandAsync("practice", "set", "demo", "--asking-words", new string('a', 301))).Error, StringComparison.Ordinal);
        await alice.GetAsync("/practice");
        Assert.Equal("sample, fasting glucose", ((IHtmlInputElement)alice.Page.Html.QuerySelector("#askingWords")!).Value);
    }
}
