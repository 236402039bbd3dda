using System.Net;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Templates;

/// <summary>Alice is a manager of the practice, Bob her colleague; Charlie works in another practice.</summary>
public sealed class TemplatesTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Bob_writes_a_template_of_his_own_changes_it_and_deletes_it()
    {
        var bob = await _app.BobSignsInAsync();
        var page = await WritesAsync(bob, "Knee check", "How is your knee, [patient first name]?");
        Assert.Equal("/templates?done=saved", page.Address.PathAndQuery);
        Assert.Contains("The template is saved", page.Text);
        Assert.Contains("Knee check", Mine(page));

        await bob.GetAsync(AddressOf(page, "Knee check"));
        Assert.Equal("How is your knee, [patient first name]?", bob.Page.Html.QuerySelector("#text")!.TextContent.Trim());
        Assert.Contains("How is your knee, Sam?", bob.Page.Html.QuerySelector(".app-sms")!.TextContent);
        page = await bob.SubmitAsync("#template", ("name", "Knee again"), ("allowResponse", "true"));
        Assert.Equal(["Knee again Allows response"], Mine(page));

        await bob.GetAsync(AddressOf(page, "Knee again") + "/delete");
        Assert.Contains("Delete “Knee again”?", bob.Page.Text);
        page = await bob.SubmitAsync("main form");
        Assert.Contains("The template is deleted", page.Text);
        Assert.Empty(Mine(page));
    }

    [Fact]
    public async Task A_double_click_saves_once()
    {
        var bob = await _app.BobSignsInAsync();
        await bob.GetAsync("/templates/new");
        var clicks = Enumerable.Range(0, 4).Select(_ => bob.Submission("#template", ("name", "Once"), ("text", "Hello"))).ToList();
        await Task.WhenAll(clicks.Select(click => Task.Run(() => bob.SendAsync(click))));

        Assert.Equal(["Once"], Mine(await bob.GetAsync("/templates")));
    }

    [Fact]
    public async Task Mistakes_keep_what_was_typed()
    {
        var bob = await _app.BobSignsInAsync();
        var page = await WritesAsync(bob, "", "\nTake [drug]", allowResponse: true);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Contains("Enter a name", page.Html.QuerySelector("#name-error")!.TextContent);
        Assert.Contains("[drug]", page.Html.QuerySelector("#text-error")!.TextContent);
        Assert.EndsWith("\nTake [drug]", page.Html.QuerySelector("#text")!.TextContent);
        Assert.True(page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        Assert.Empty(Mine(await bob.GetAsync("/templates")));
    }

    [Fact]
    public async Task The_preview_button_saves_nothing_and_shows_the_text_its_length_and_cost()
    {
        var bob = await _app.BobSignsInAsync();
        await bob.GetAsync("/templates/new");
        var page = await bob.SubmitAsync("#template", ("name", "Knee"), ("text", "This is [my name] of [practice name]"), ("allowResponse", "true"), ("preview", "true"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Dear Sam,\n\nThis is Nurse Chris Colleague of Demo Surgery\n\nDemo Surgery\n\nReply within 7 days", page.Html.QuerySelector(".app-sms")!.TextContent);
        Assert.Contains("of 612 characters. This will be sent as 2 texts.", page.Text);
        Assert.Equal("Knee", page.Html.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Empty(Mine(await bob.GetAsync("/templates")));
    }

    [Fact]
    public async Task The_live_preview_is_the_same_text()
    {
        var bob = await _app.BobSignsInAsync();
        await bob.GetAsync("/templates/new");
        var request = bob.Submission("#template", ("text", "Hello [patient name]"));
        request.RequestUri = new(request.RequestUri!, "/templates/preview");
        request.Headers.Add("HX-Request", "true");

        var part = await TestPage.ReadAsync(await bob.SendAsync(request), request.RequestUri);

        Assert.Contains("Hello Sam Sample", part.Html.QuerySelector("#preview .app-sms")!.TextContent);
        Assert.Null(part.Html.QuerySelector("h1"));
    }

    [Fact]
    public async Task A_practice_starts_with_the_built_in_ones_and_what_its_manager_changes_everybody_sees()
    {
        var bob = await _app.BobSignsInAsync();
        Assert.Equal(BuiltInTemplates.All.Count, Shared(await bob.GetAsync("/templates")).Count);

        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/skin-photo");
        await alice.SubmitAsync("#template", ("name", "Photo of a rash"));
        await alice.GetAsync("/templates/fit-note/delete");
        await alice.SubmitAsync("main form");
        await alice.GetAsync("/templates/new?shared=true");
        await alice.SubmitAsync("#template", ("name", "Flu jabs"), ("text", "Flu jabs are here."));

        var shared = Shared(await bob.GetAsync("/templates"));
        Assert.Equal(BuiltInTemplates.All.Count, shared.Count);
        Assert.Contains("Photo of a rash Allows response", shared);
        Assert.Contains("Flu jabs", shared);
        Assert.DoesNotContain("Fit note details Allows response", shared);
        Assert.Contains("Fit note details Allows response", Shared(await (await _app.CharlieSignsInAsync()).GetAsync("/templates")));
    }

    [Fact]
    public async Task Bob_can_copy_a_template_of_the_practice_but_not_change_it()
    {
        var bob = await _app.BobSignsInAsync();
        await bob.GetAsync("/templates");
        Assert.Null(bob.Page.Html.QuerySelector("a[href='/templates/skin-photo']"));
        foreach (var address in new[] { "/templates/skin-photo", "/templates/skin-photo/delete", "/templates/new?shared=true" })
            Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync(address)).Status);
        foreach (var (address, fields) in new[]
        {
            ("/templates/skin-photo", new[] { ("name", "Mine now"), ("text", "Text") }),
            ("/templates/skin-photo/delete", []),
            ("/templates", [("name", "For all"), ("text", "Text"), ("shared", "true")]),
        })
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(bob, address, fields)).Status);
        Assert.Equal(BuiltInTemplates.All.Count, Shared(await bob.GetAsync("/templates")).Count);

        var copy = await bob.SubmitAsync("form[action='/templates/skin-photo/copy']");
        Assert.Matches("^/templates/[0-9a-f]{32}$", copy.Address.AbsolutePath);
        await bob.SubmitAsync("#template", ("text", "Two photos, please."));
        await bob.GetAsync("/templates");
        var again = await bob.SubmitAsync("form[action='/templates/skin-photo/copy']");
        Assert.Equal(copy.Address, again.Address);
        Assert.Equal("Two photos, please.", again.Html.QuerySelector("#text")!.TextContent.Trim());
    }

    [Fact]
    public async Task Nobody_sees_or_changes_what_a_colleague_keeps_for_themselves()
    {
        var bob = await _app.BobSignsInAsync();
        var address = AddressOf(await WritesAsync(bob, "Bobs own", "Hello"), "Bobs own");
        foreach (var other in new[] { await _app.AliceSignsInAsync(), await _app.CharlieSignsInAsync() })
        {
            Assert.DoesNotContain("Bobs own", (await other.GetAsync("/templates")).Text);
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(other, address, ("name", "Mine"), ("text", "Mine"))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(other, address + "/delete")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(other, address + "/copy")).Status);
        }
        Assert.Equal(["Bobs own"], Mine(await bob.GetAsync("/templates")));
    }

    [Fact]
    public async Task Two_managers_who_change_templates_at_once_lose_neither_change()
    {
        var alice = await _app.AliceSignsInAsync();
        var changes = new List<HttpRequestMessage>();
        foreach (var template in BuiltInTemplates.All)
        {
            await alice.GetAsync($"/templates/{template.Id}");
            changes.Add(alice.Submission("#template", ("name", $"{template.Name} 2")));
        }
        await Task.WhenAll(changes.Select(change => Task.Run(() => alice.SendAsync(change))));

        Assert.All(Shared(await alice.GetAsync("/templates")), name => Assert.Contains(" 2", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_changes_a_template_that_was_changed_meanwhile_is_told_and_decides()
    {
        var (desk, ward) = (await _app.AliceSignsInAsync(), await _app.AliceSignsInAsync());
        await desk.GetAsync("/templates/skin-photo");
        await ward.GetAsync("/templates/skin-photo");
        await desk.SubmitAsync("#template", ("text", "One photo, please."));

        await ward.SubmitAsync("#template", ("name", "Photos"), ("text", "Two photos, please."), ("preview", "true"));
        var page = await ward.SubmitAsync("#template");
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Contains("says: “One photo, please.”", page.Html.QuerySelector("#text-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Two photos, please.", page.Html.QuerySelector("#text")!.TextContent.Trim());
        Assert.Contains("One photo, please.", (await desk.GetAsync("/templates")).Text, StringComparison.Ordinal);

        await ward.SubmitAsync("#template");
        Assert.Contains("Two photos, please.", (await desk.GetAsync("/templates")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_changes_a_template_that_was_deleted_meanwhile_keeps_what_was_typed_and_saves_it_as_a_new_one()
    {
        var (desk, ward) = (await _app.AliceSignsInAsync(), await _app.AliceSignsInAsync());
        await ward.GetAsync("/templates/skin-photo");
        await desk.GetAsync("/templates/skin-photo/delete");
        await desk.SubmitAsync("main form");

        var page = await ward.SubmitAsync("#template", ("name", "Skin again"), ("text", "Two photos, please."));
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Contains("was deleted after you opened it", page.Html.QuerySelector("#text-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Two photos, please.", page.Html.QuerySelector("#text")!.TextContent.Trim());
        Assert.Contains("Save as a new template", page.Text, StringComparison.Ordinal);

        await ward.SubmitAsync("#template");
        Assert.Contains(Shared(await desk.GetAsync("/templates")), name => name.StartsWith("Skin again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData('\u202E', "turn the direction")]
    [InlineData('\u2066', "turn the direction")]
    public async Task A_name_turns_nothing_around_it(char hidden, string problem)
    {
        var alice = await _app.AliceSignsInAsync();
        Assert.Contains(problem, (await WritesAsync(alice, $"Knee{hidden}gpj", "Hello")).Html.QuerySelector("#name-error")!.TextContent, StringComparison.Ordinal);
        await alice.GetAsync("/account");
        var page = await alice.SubmitAsync("main form", ("name", $"Dr{hidden}Dana"), ("signOff", $"The{hidden}team"));
        Assert.Contains(problem, page.Html.QuerySelector("#name-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(problem, page.Html.QuerySelector("#signOff-error")!.TextContent, StringComparison.Ordinal);
        await alice.GetAsync("/practice");
        Assert.Contains(problem, (await alice.SubmitAsync("main form", ("name", $"River{hidden}side"))).Html.QuerySelector("#name-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_click_on_a_change_is_no_conflict()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/skin-photo");
        var (first, second) = (alice.Submission("#template", ("text", "One photo, please.")), alice.Submission("#template", ("text", "One photo, please.")));
        await alice.SendAsync(first);
        Assert.Contains("The template is saved", (await alice.OpenAsync(second)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hundred_and_first_copy_is_refused()
    {
        var bob = await _app.BobSignsInAsync();
        await WritesAsync(bob, "First", "Hello");
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var set = (await session.ListAsync<TemplateSet>()).Single();
            session.Store(set with { Templates = [.. Enumerable.Range(0, 100).Select(i => new Template($"{i}", $"Name {i}", "Text", false))] });
            await session.SaveChangesAsync();
            return true;
        });
        await bob.GetAsync("/templates");
        var page = await bob.SubmitAsync("form[action='/templates/skin-photo/copy']");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("There are 100 templates here already", page.Text);
    }

    private static async Task<TestPage> WritesAsync(TestBrowser browser, string name, string text, bool allowResponse = false)
    {
        await browser.GetAsync("/templates/new");
        return await browser.SubmitAsync("#template", ("name", name), ("text", text), ("allowResponse", allowResponse ? "true" : ""));
    }

    /// <summary>A form that no page offers, with the token of one that it does.</summary>
    private static async Task<TestPage> PostAsync(TestBrowser browser, string address, params (string Name, string Value)[] fields)
    {
        await browser.GetAsync("/account");
        var token = browser.Page.Html.QuerySelector("main [name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.OpenAsync(new(HttpMethod.Post, "http://localhost" + address)
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]),
        });
    }

    private static string AddressOf(TestPage page, string name) =>
        page.Html.QuerySelectorAll(".app-templates a").First(link => link.TextContent.Contains($"Change {name}", StringComparison.Ordinal)).GetAttribute("href")!;

    private static IReadOnlyList<string> Mine(TestPage page) => Names(page, "#mine ~ h2 ~ *", except: true);

    private static IReadOnlyList<string> Shared(TestPage page) => Names(page, "#mine ~ h2 ~ *", except: false);

    /// <summary>The names in the list below the practice's heading, or in the one above it.</summary>
    private static IReadOnlyList<string> Names(TestPage page, string below, bool except) =>
        [.. page.Html.QuerySelectorAll(".app-templates").Where(list => list.Matches(below) != except)
            .SelectMany(list => list.QuerySelectorAll("h3")).Select(name => string.Join(' ', name.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
}
