using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>"Replace with ordinary characters", beside a message and beside a template.</summary>
public sealed class ReplacingTests : IAsyncDisposable
{
    private const string Written = "Ring\u00A0us about your mother’s results\u202Fplease – we are open from 8 to 6 on weekdays, and from 9 to 12 on Saturdays.";
    private const string Ordinary = "Ring us about your mother's results please - we are open from 8 to 6 on weekdays, and from 9 to 12 on Saturdays.";

    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task In_a_message_it_replaces_them_and_sends_nothing()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var preview = await alice.PostsAsync(alice.Submission("#compose", ("text", Written)), "/preview");
        Assert.Contains("a non-breaking space after 'Ring'", Flat(preview), StringComparison.Ordinal);
        Assert.Contains("a narrow non-breaking space after 'results'", Flat(preview), StringComparison.Ordinal);
        Assert.Contains("This will be sent as 3 texts.", Flat(preview), StringComparison.Ordinal);
        Assert.Contains("With ordinary characters it would be sent as 1 text.", Flat(preview), StringComparison.Ordinal);
        Assert.Equal("Replace with ordinary characters", preview.Html.QuerySelector("button[name=ordinary]")!.TextContent);

        var page = await alice.SubmitAsync("#compose", ("text", Written), ("neutral", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        page = await alice.SubmitAsync("#compose", ("neutral", ""), ("ordinary", "true"));

        Assert.Equal((HttpStatusCode.OK, "Message patient"), (page.Status, page.Heading));
        Assert.Equal(Ordinary, page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        Assert.Contains("Your message has ordinary characters now.", Flat(page), StringComparison.Ordinal);
        Assert.Contains("This will be sent as 1 text.", Flat(page), StringComparison.Ordinal);
        Assert.Null(page.Html.QuerySelector("button[name=ordinary]"));
        await _app.DoQueuedWorkAsync();
        Assert.Empty(_app.SentTexts);
        await alice.SubmitAsync("#compose");
        await _app.DoQueuedWorkAsync();
        Assert.Contains(Ordinary, Assert.Single(_app.SentTexts).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_was_too_long_fits_then_and_ticks_of_the_form_stay()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var page = await alice.SubmitAsync("#compose", ("text", $"Ring ___ {Written}"), ("allowResponse", "true"));
        Assert.Contains("too long. Shorten it", page.Text, StringComparison.Ordinal);
        page = await alice.SubmitAsync("#compose", ("ordinary", "true"));
        Assert.Equal($"Ring ___ {Ordinary}", page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        Assert.Null(page.Html.QuerySelector("#text-error"));
        Assert.NotNull(page.Html.QuerySelector("#allowResponse[checked]"));
    }

    [Fact]
    public async Task In_a_template_it_replaces_them_and_saves_nothing()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/new");
        var page = await alice.SubmitAsync("#template", ("name", "Ring"), ("text", $"[patient first name], {Written}"), ("preview", "true"));
        Assert.Contains("a non-breaking space after 'Ring'", Flat(page), StringComparison.Ordinal);
        Assert.NotNull(page.Html.QuerySelector("button[name=ordinary]"));

        page = await alice.SubmitAsync("#template", ("ordinary", "true"));

        Assert.Equal($"[patient first name], {Ordinary}", page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        Assert.Contains("Your message has ordinary characters now.", Flat(page), StringComparison.Ordinal);
        Assert.DoesNotContain("Change Ring", (await alice.GetAsync("/templates")).Text, StringComparison.Ordinal);

        await alice.GetAsync("/templates/skin-photo");
        await alice.SubmitAsync("#template", ("text", Written), ("preview", "true"));
        page = await alice.SubmitAsync("#template", ("ordinary", "true"));
        Assert.Equal(Ordinary, page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        Assert.DoesNotContain("mother", (await alice.GetAsync("/templates/skin-photo")).Text, StringComparison.Ordinal);
    }

    private static string Flat(TestPage page) => string.Join(' ', page.Html.QuerySelector("body")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
