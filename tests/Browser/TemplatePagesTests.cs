using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PatientResponse.Tests.Browser;

/// <summary>Templates, and what is checked before a message goes.</summary>
public sealed class TemplatePagesTests(Chromium chromium) : PageTest(chromium)
{
    [Theory, MemberData(nameof(Ways))]
    public async Task Writing_templates(string screen, bool javaScript)
    {
        var (page, http) = await Alice(screen, javaScript);
        await page.GotoAsync("/templates");
        await page.ShouldBeAccessible("templates: none of my own");
        await Link(page, "Write a new template").ClickAsync();
        await page.ShouldBeAccessible("template: new");
        await page.Locator("#text").FillAsync("How is [your knee]?");
        if (javaScript)
            await Expect(page.Locator(".app-sms")).ToContainTextAsync("How is [your knee]?");
        await page.ClickAsync("text=Save template");
        await page.ShouldShowAsync("We do not know what to put for [your knee]");
        await page.ShouldBeAccessible("template: errors");

        await page.GetByLabel("Name").FillAsync("Knee");
        await page.Locator("#text").FillAsync("How is your knee, [patient first name]?");
        await page.Locator("#allowResponse").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".app-sms")).ToContainTextAsync("How is your knee, Sam?");
        await page.ShouldBeAccessible("template: preview");
        await page.ClickAsync("text=Save template");
        await page.ShouldShowAsync("The template is saved");
        await page.ShouldBeAccessible("templates: saved");

        await Link(page, "Change Knee").ClickAsync();
        await http.GetAsync(new Uri(page.Url).AbsolutePath);
        await http.SubmitAsync("#template", ("text", "How is your other knee?"));
        await page.Locator("#text").FillAsync("How are your knees?");
        await page.ClickAsync("text=Save template");
        await page.ShouldShowAsync("This template was changed after you opened it");
        await page.ShouldBeAccessible("template: changed meanwhile");
        await http.GetAsync(new Uri(page.Url).AbsolutePath + "/delete");
        await http.SubmitAsync("main form");
        await page.ClickAsync("text=Save template");
        await page.ShouldShowAsync("This template was deleted after you opened it");
        await Expect(page.Locator("#text")).ToHaveValueAsync("How are your knees?");
        await page.ShouldBeAccessible("template: deleted meanwhile");
        await page.ClickAsync("text=Save as a new template");
        await page.ShouldShowAsync("The template is saved");

        await Link(page, "Delete Knee").ClickAsync();
        await page.ShouldSayAsync("Delete “Knee”?");
        await page.ShouldBeAccessible("template: delete");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.ShouldShowAsync("The template is deleted");
        await Link(page, "Write a new template for the practice").ClickAsync();
        await page.ShouldBeAccessible("template: for the practice");

        var context = await Browser(Screen.Named(screen), App.Address, javaScript);
        var bob = await App.BobSignsInAsync();
        await context.TakeOverAsync(bob);
        page = await context.NewPageAsync();
        await page.GotoAsync("/templates");
        await page.ShouldBeAccessible("templates: of a colleague");
        await FillAsync(bob);
        await page.GotoAsync("/templates");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy to your templates Fit note details" }).ClickAsync();
        await page.ShouldShowAsync("There are 100 templates here already");
        await page.ShouldBeAccessible("templates: too many");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Replacing_what_makes_a_message_dearer(string screen, bool javaScript)
    {
        const string dear = "Ring\u00A0us about your mother’s results – we are open from 8 to 6 on weekdays.";
        const string cheap = "Ring us about your mother's results - we are open from 8 to 6 on weekdays.";
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.Locator("#text").FillAsync(dear);
        if (!javaScript)
        {
            // Without scripts the hints come with the first answer: neutral words need a link.
            await page.Locator("#neutral").CheckAsync();
            await page.ClickAsync(".app-send-row button");
        }
        await page.ShouldShowAsync("a non-breaking space after 'Ring'");
        await page.ShouldShowAsync("With ordinary characters it would be sent as 1 text.");
        await page.ShouldBeAccessible("message: ordinary characters offered");
        if (javaScript)
            await page.EvaluateAsync("() => document.getElementById('text').setSelectionRange(4, 4)");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replace with ordinary characters" }).ClickAsync();
        await Expect(page.Locator("#text")).ToHaveValueAsync(cheap);
        await Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.ShouldShowAsync("Your message has ordinary characters now.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Replace with ordinary characters" })).ToHaveCountAsync(0);
        await page.ShouldBeAccessible("message: made ordinary");
        if (javaScript)
        {
            await page.Keyboard.TypeAsync("!");
            await Expect(page.Locator("#text")).ToHaveValueAsync("Ring!" + cheap[4..]);
        }

        await page.GotoAsync("/templates/new");
        await page.Locator("#text").FillAsync(dear);
        if (!javaScript)
            await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await page.ShouldShowAsync("With ordinary characters it would be sent as 1 text.");
        await page.ShouldBeAccessible("template: ordinary characters offered");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replace with ordinary characters" }).ClickAsync();
        await Expect(page.Locator("#text")).ToHaveValueAsync(cheap);
        await Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.ShouldBeAccessible("template: made ordinary");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Sending_one_that_is_not_filled_in(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        await alice.TellsAsync(App);
        await page.GotoAsync(Scenario.TestPatient);
        await page.ShouldShowAsync("You sent this patient a message less than a minute ago");
        await page.ShouldBeAccessible("message: just messaged");

        await page.GetByLabel("Your message").FillAsync("I have looked at your notes.");
        await page.ClickAsync("summary");
        await page.ShouldBeAccessible("message: templates open");
        await page.GetByRole(AriaRole.Button, new() { Name = "Blood test due" }).ClickAsync();
        await Expect(page.Locator("#text")).ToHaveValueAsync(new Regex("^I have looked at your notes.\n\nYou are due a blood test for ___"));
        await Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.ShouldBeAccessible("message: from a template");
        if (javaScript)
        {
            await Expect(page.Locator("#gap-news")).ToHaveTextAsync("The first gap is selected. Type to fill it in.");
            Assert.Equal("___", await page.EvaluateAsync<string>("() => { const text = document.getElementById('text'); return text.value.slice(text.selectionStart, text.selectionEnd); }"));
            await page.Keyboard.PressAsync("Control+End");
            await page.Keyboard.TypeAsync(" 999 872 0850");
            await page.ShouldShowAsync("999 872 0850 looks like an NHS number");
            await page.ShouldBeAccessible("message: warned while typing");
        }

        await page.ClickAsync(".app-send-row button");
        await Expect(page.Locator(".nhsuk-error-summary")).ToContainTextAsync("Still to be filled in: ___");
        await Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
        await page.ShouldBeAccessible("message: check first");
        await page.ClickAsync(".nhsuk-error-summary a");
        await Expect(page.Locator("#text")).ToBeFocusedAsync();
        Assert.True(
            await page.EvaluateAsync<bool>("() => document.getElementById('text').getBoundingClientRect().top >= document.querySelector('.app-patient-banner').getBoundingClientRect().bottom"),
            "The banner covers the message.");
        await page.ClickAsync("text=Send anyway");
        await page.ShouldSayAsync("Message to Test Patient");

        await page.GotoAsync(Scenario.TestPatient + "?template=gone");
        await page.ShouldBeAccessible("message: template gone");
    }

    private static ILocator Link(IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>Bob has as many templates as one person may have.</summary>
    private async Task FillAsync(TestBrowser bob)
    {
        await bob.GetAsync("/templates/new");
        await bob.SubmitAsync("#template", ("name", "First"), ("text", "Hello"));
        await App.WithAsync<IDocumentSession, bool>(async session =>
        {
            var bobs = (await session.ListAsync<TemplateSet>()).Single(set => set.Find("skin-photo") is null && set.Templates.Count > 0);
            session.Store(bobs with { Templates = [.. Enumerable.Range(0, 100).Select(i => new Template($"{i}", $"Name {i}", "Text", false))] });
            await session.SaveChangesAsync();
            return true;
        });
    }
}
