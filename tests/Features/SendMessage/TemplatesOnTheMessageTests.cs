using System.Net;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

public sealed class TemplatesOnTheMessageTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_address_that_names_a_template_shows_the_message_filled_in()
    {
        var alice = await _app.AliceSignsInAsync();
        var page = await alice.GetAsync(Scenario.TestPatient + "?template=no-answer");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("Dr Dana Demo from Demo Surgery tried to phone you", TextOf(page), StringComparison.Ordinal);
        Assert.True(page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        Assert.Contains("tried to phone you", page.Html.QuerySelector(".app-sms")!.TextContent);
    }

    [Fact]
    public async Task A_template_is_chosen_by_a_plain_button_and_nothing_is_sent()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var page = await alice.SubmitAsync("#compose", ("text", "I looked at your photo."), ("template", "please-book"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("I looked at your photo.\n\nWe would like to talk to you about ___.", TextOf(page), StringComparison.Ordinal);
        Assert.Contains("call us on 01632 960001", TextOf(page));
        Assert.Contains("“Please book an appointment” is added below what you wrote", page.Text);
        Assert.Equal(0, await EventsAsync());

        await alice.SubmitAsync("#compose", ("text", TextOf(page).Replace("___", "it", StringComparison.Ordinal)));
        Assert.Equal(1, await EventsAsync());
    }

    [Fact]
    public async Task With_htmx_the_same_button_brings_the_part_of_the_page()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var request = alice.Submission("#compose", ("template", "fit-note"));
        request.Headers.Add("HX-Request", "true");
        var part = await TestPage.ReadAsync(await alice.SendAsync(request), request.RequestUri!);

        Assert.StartsWith("You asked us for a fit note", TextOf(part), StringComparison.Ordinal);
        Assert.Null(part.Html.QuerySelector("header"));
        Assert.NotNull(part.Html.QuerySelector("#composer #compose"));
    }

    [Fact]
    public async Task Her_own_templates_come_first_and_nobody_elses_can_be_used()
    {
        var bob = await _app.BobSignsInAsync();
        await bob.GetAsync("/templates/new");
        await bob.SubmitAsync("#template", ("name", "Bobs knee"), ("text", "How is your knee?"));
        await bob.GetAsync(Scenario.TestPatient);
        var buttons = bob.Page.Html.QuerySelectorAll("#templates button");
        Assert.Equal(BuiltInTemplates.All.Count + 1, buttons.Length);
        Assert.Equal("Bobs knee", buttons[0].TextContent.Trim());
        var id = buttons[0].GetAttribute("value")!;

        var alice = await _app.AliceSignsInAsync();
        foreach (var unknown in new[] { id, "no-such-template" })
        {
            await alice.GetAsync(Scenario.TestPatient);
            var page = await alice.SubmitAsync("#compose", ("text", "My words"), ("template", unknown));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
            Assert.Contains("This template is not there any more", page.Text);
            Assert.Equal("My words", TextOf(page));
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.GetAsync(Scenario.TestPatient + "?template=" + id)).Status);
    }

    private static string TextOf(TestPage page) => page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n');

    private Task<long> EventsAsync() => _app.WithAsync<IDatabase, long>(database => database.CountAsync(RawTables.Events));
}
