using System.Net;
using Microsoft.Extensions.Configuration;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web.Languages;

public sealed class ChosenLanguageTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ChosenLanguageTests() => _app.Settings["Languages:Offered"] = "en,cy";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Pat_chooses_Welsh_and_reads_it_on_every_page_until_the_browser_is_closed()
    {
        var asked = await (await _app.AliceSignsInAsync()).AsksAsync(_app);
        var link = _app.NewestLink();
        var pat = _app.NewBrowser();
        await pat.GetAsync(link);
        var choice = pat.Page.Html.QuerySelector(".app-languages li[lang=cy] a")!;
        var chosen = await pat.SendAsync(new(HttpMethod.Get, new Uri(pat.Page.Address, choice.GetAttribute("href"))));
        Assert.Equal(link, chosen.Headers.Location!.OriginalString);
        var cookie = Assert.Single(chosen.Headers.GetValues("Set-Cookie"));
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("max-age", cookie, StringComparison.OrdinalIgnoreCase);

        var page = await pat.GetAsync(link);
        Assert.Equal("cy", page.Html.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Ateb neges gan eich tîm iechyd", page.Heading);
        Assert.Contains("Nid yw siaradwr Cymraeg wedi gwirio", page.Text, StringComparison.Ordinal);
        page = await pat.SubmitAsync("main form", ("day", "2"), ("month", "Chwefror"), ("year", "1980"));
        Assert.StartsWith("Gwall: ", page.Title, StringComparison.Ordinal);
        Assert.Contains("Mae gennych 4 cynnig ar ôl", page.Text, StringComparison.Ordinal);
        page = await pat.SubmitAsync("main form", ("day", "1"), ("month", "Ionawr"), ("year", "1980"));
        Assert.Equal("Eich ateb", page.Heading);
        Assert.Equal("en", page.Html.QuerySelector(".app-message")!.GetAttribute("lang"));
        page = await pat.AnswersAsync("Mae'n well");
        Assert.Equal("Anfonwyd yr ateb", page.Heading);
        Assert.Equal("cy", (await _app.ConversationAsync(asked)).Reply!.Language);
    }

    [Fact]
    public async Task Whoever_changes_the_language_in_the_middle_of_an_answer_loses_nothing()
    {
        var request = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(request.Link);
        var page = await pat.SubmitAsync("#reply", ("text", "It hurts at night"), ("action", "language:cy"));
        Assert.Equal("Eich ateb", page.Heading);
        Assert.Contains("It hurts at night", page.Html.QuerySelector("#text")!.TextContent, StringComparison.Ordinal);
        page = await pat.SubmitAsync("#reply", ("action", "language:en"));
        Assert.Equal("Your answer", page.Heading);
        Assert.Contains("It hurts at night", page.Html.QuerySelector("#text")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alice_reads_in_which_language_the_page_was()
    {
        var alice = await _app.AliceSignsInAsync();
        var plain = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(plain, "Better");
        Assert.DoesNotContain("The patient read the page in", (await alice.GetAsync($"/conversations/{plain:N}")).Text, StringComparison.Ordinal);
        var asked = await alice.AsksAsync(_app);
        await _app.AppendAsync(asked, new ReplyUploaded(Guid.NewGuid(), "Mae'n well", [], "", _app.Time.GetUtcNow(), "cy"));
        Assert.Contains("The patient read the page in Welsh", (await alice.GetAsync($"/conversations/{asked:N}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_read_English_whatever_was_chosen_on_a_page_for_patients()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/r/00000000000000000000000000?language=cy");
        Assert.Equal("cy", alice.Page.Html.DocumentElement.GetAttribute("lang"));
        var page = await alice.GetAsync("/conversations");
        Assert.Equal("en", page.Html.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Skip to main content", page.Html.QuerySelector(".nhsuk-skip-link")!.TextContent);
        page = await alice.GetAsync("/patients?q=123");
        Assert.Contains("There is a problem", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?language=xx")]
    [InlineData("?language=en-x-pseudo")]
    [InlineData("?language=")]
    public async Task A_language_that_is_not_offered_changes_nothing(string query)
    {
        var page = await _app.NewBrowser().GetAsync("/" + query);
        Assert.Equal("en", page.Html.DocumentElement.GetAttribute("lang"));
        Assert.Equal(query, page.Address.Query);
    }

    [Fact]
    public async Task Where_only_English_is_offered_there_is_nothing_to_choose()
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().GetAsync("/?language=cy");
        Assert.Null(page.Html.QuerySelector(".app-languages"));
        Assert.Equal("en", page.Html.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task A_broken_page_speaks_Welsh_too()
    {
        var pat = _app.NewBrowser();
        await pat.GetAsync("/?language=cy");
        var page = await pat.OpenAsync(new(HttpMethod.Post, "http://localhost/reply/00000000") { Content = new StringContent("{}", null, "application/json") });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, page.Status);
        Assert.Equal("Mae'n ddrwg gennym, aeth rhywbeth o'i le", page.Heading);
    }

    [Theory]
    [InlineData("en", true, true)]
    [InlineData("en,cy", true, true)]
    [InlineData("en, cy", true, true)]
    [InlineData("en,en-x-pseudo", false, true)]
    [InlineData("en,en-x-pseudo", true, false)]
    [InlineData("cy", true, false)]
    [InlineData("cy,en", true, false)]
    [InlineData("en,welsh", true, false)]
    public void What_is_offered_begins_with_English_and_is_known(string offered, bool isProduction, bool isRight)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Languages:Offered", offered)]).Build();
        Assert.Equal(isRight, !new LanguageSettings().Problems(settings, new Purpose(isProduction, Serves: true)).Any());
    }
}
