using PatientResponse.Features.Help;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Help;

public class HelpTests
{
    [Theory]
    [InlineData("recovery", "What if I lose my phone or passkey?")]
    [InlineData("How do I get notified?", "How am I told about a reply?")]
    [InlineData("SAFE contact", "What is a neutral text message?")]
    [InlineData("who else can see it", "Who else can see a reply?")]
    [InlineData("EMIS", "How do I save a reply to the record?")]
    public void Alice_finds_the_answer_by_the_words_she_would_use(string typed, string question) =>
        Assert.Contains(HelpSearch.Find(typed).Topics.SelectMany(topic => topic.Answers), answer => answer.Question == question);

    [Fact]
    public void An_answer_that_lacks_one_of_the_words_is_left_out()
    {
        Assert.Contains(HelpSearch.Find("cookies").Topics.SelectMany(topic => topic.Answers), answer => answer.Question.Contains("cookies", StringComparison.Ordinal));
        Assert.Equal(0, HelpSearch.Find("cookies zebra").Count);
    }

    [Theory, InlineData(null), InlineData(""), InlineData("  "), InlineData("how do I ?")]
    public void Nothing_asked_shows_every_answer(string? typed) =>
        Assert.Equal(HelpTopics.All.Sum(topic => topic.Answers.Count), HelpSearch.Find(typed).Count);

    [Fact]
    public async Task Alice_searches_without_JavaScript_and_a_stranger_signs_in_first()
    {
        await using var app = new TestApp();
        Assert.Equal("/sign-in", (await app.NewBrowser().GetAsync("/help")).Address.AbsolutePath);
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/help?q=zebra+%3Cb%3E");
        Assert.Contains("No answers found", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Html.QuerySelectorAll("main b"));
        Assert.Contains("1 answer found", (await alice.GetAsync("/help?q=emis")).Text, StringComparison.Ordinal);
        Assert.Contains("Who else can see a reply?", (await alice.GetAsync("/help")).Text, StringComparison.Ordinal);
    }
}
