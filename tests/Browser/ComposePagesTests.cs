using Microsoft.Playwright;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Acceptance 63: whom a message is for, its words, how it will arrive and what sends it are seen together.</summary>
public sealed class ComposePagesTests(Chromium chromium) : PageTest(chromium)
{
    private const string Words = "Could you send us a photo of your knee by Friday, please?\nTake it in daylight, from half a metre away.\nThank you.";

    [Theory, InlineData(true), InlineData(false)]
    public async Task On_a_desk_all_of_a_message_is_in_view_while_it_is_written_and_when_it_is_asked_about(bool javaScript)
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript);
        await page.SetViewportSizeAsync(1366, 625);
        await page.GotoAsync(Scenario.TestPatient);
        await page.Locator("#text").FillAsync(Words);
        if (javaScript)
            await Assertions.Expect(page.Locator(".app-sms")).ToContainTextAsync("Thank you.");

        await AllInViewAsync(page, ".app-sms");
        Assert.Equal(0, await page.EvaluateAsync<int>("scrollY"));
        await page.GetByLabel("Allow patient response").CheckAsync();
        if (javaScript)
            await Assertions.Expect(page.Locator(".app-sms")).ToContainTextAsync("xxxx");
        await AllInViewAsync(page, ".app-sms");

        await page.GetByLabel("Allow patient response").UncheckAsync();
        await page.ClickAsync("[data-send]");
        await page.ShouldShowAsync("Your message seems to ask for an answer (“send us”)");
        await page.ShouldBeAccessible("message: seems to ask");
        await page.EvaluateAsync("scrollTo(0, 0)");
        foreach (var part in new[] { ".app-patient-banner", ".nhsuk-error-summary", "text=Send anyway" })
            await Assertions.Expect(page.Locator(part).First).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Theory]
    [InlineData(683, 384)]
    [InlineData(360, 640)]
    public async Task Magnified_and_on_a_phone_whose_message_it_is_stays_in_view_and_hides_nothing_that_has_the_focus(int width, int height)
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.SetViewportSizeAsync(width, height);
        await page.GotoAsync(Scenario.TestPatient);

        await page.Locator("#text").PressSequentiallyAsync(string.Concat(Enumerable.Repeat("One more line\n", 12)));
        await IdentityInViewAsync(page);
        for (var stops = 0; stops < 3; stops++)
        {
            await page.Keyboard.PressAsync("Tab");
            await IdentityInViewAsync(page);
            var (banner, focus) = (await BoxAsync(page, ".app-patient-banner"), await BoxAsync(page, ":focus"));
            Assert.True(focus.Y >= banner.Y + banner.Height - 1 && focus.Y < height, $"What has the focus is at {focus.Y}, below the banner that ends at {banner.Y + banner.Height}.");
        }
    }

    [Fact]
    public async Task Ctrl_and_Enter_send_and_Enter_alone_begins_a_line()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync(Scenario.TestPatient);
        await Assertions.Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Your results");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("are normal.");

        await page.Keyboard.PressAsync("Control+Enter");

        await page.ShouldSayAsync("Message to Test Patient");
        await page.ShouldShowAsync("Your results\nare normal.");
        // As in the box below a conversation.
        await page.Locator("#text").FillAsync("Does it still hurt?");
        await page.Locator("#text").PressAsync("Control+Enter");
        await page.ShouldShowAsync("Does it still hurt?");
        await App.DoQueuedWorkAsync();
        Assert.Equal(2, App.SentTexts.Count);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_message_that_was_begun_is_offered_and_gone_on_with(bool javaScript)
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript);
        await page.SetViewportSizeAsync(1366, 625);
        await page.GotoAsync(Scenario.TestPatient);
        await page.Locator("#text").FillAsync(Words);
        if (javaScript)
            await Assertions.Expect(page.Locator(".app-sms")).ToContainTextAsync("Thank you.");
        else
            await page.ClickAsync("[data-send]");

        await page.GotoAsync(Scenario.TestPatient);
        await page.ShouldShowAsync("You began a message to this patient on");
        await AllInViewAsync(page, ".app-sms");
        await page.ShouldBeAccessible("message: begun earlier");
        await page.ClickAsync("text=Continue this message");

        await page.ShouldShowAsync("The message that you began is below.");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync(Words);
        await Assertions.Expect(page.Locator(".app-begun")).ToHaveCountAsync(0);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Another_number_is_typed_offered_again_and_asked_for_where_there_is_none(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.Locator("#text").FillAsync("Please come in.");
        await page.ClickAsync("summary >> text=Send to another number");
        await page.Locator("#mobile").FillAsync("01632 960001");
        await page.ClickAsync("[data-send]");
        await Assertions.Expect(page.Locator("#mobile-error")).ToBeVisibleAsync();
        await page.ShouldBeAccessible("message: wrong number");
        await page.Locator("#mobile").FillAsync("07700 900456");
        await page.ClickAsync("[data-send]");
        await page.ShouldSayAsync("Message to Test Patient");

        await page.GotoAsync(Scenario.TestPatient);
        await page.ShouldShowAsync("You typed 07700 900456");
        await page.ClickAsync("button >> text=Use this number");
        await page.ShouldShowAsync("It goes to 07700 900456, a number for this conversation only.");
        await page.ShouldBeAccessible("message: another number");

        var patient = SamplePatients.Read().First(p => p is { Mobile: null or "", Restricted: false, Deceased: false });
        await alice.GetAsync($"/patients?q={patient.NhsNumber.Value}");
        await page.GotoAsync(alice.Page.Html.QuerySelector("a[href$='/message']")!.GetAttribute("href")!);
        await page.ShouldShowAsync("There is no mobile number on record.");
        await page.ShouldBeAccessible("message: no number");
        await page.ClickAsync(".app-patient-banner a");
        await page.ShouldShowAsync("There is no mobile number on record.");
        await page.ShouldBeAccessible("patient: no number");
    }

    [Fact]
    public async Task A_template_is_found_by_a_few_letters()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync(Scenario.TestPatient);
        await page.ClickAsync("summary >> text=Start from a template");
        await Assertions.Expect(page.GetByLabel("Find a template")).ToBeFocusedAsync();
        var all = await page.Locator(".app-chooser__button:visible").CountAsync();

        await page.Keyboard.TypeAsync("due bl");
        await Assertions.Expect(page.Locator(".app-chooser__button:visible")).ToHaveTextAsync(["Blood test due"]);
        Assert.True(all > 3);
        await page.Locator("#find-template").FillAsync("no such template");
        await Assertions.Expect(page.Locator(".app-chooser h2:visible")).ToHaveCountAsync(0);
        await page.Locator("#find-template").FillAsync("due bl");
        await Assertions.Expect(page.Locator(".app-chooser h2:visible")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".app-chooser [role=status]")).ToHaveTextAsync("1 template found.");
        await page.ShouldBeAccessible("message: template found");

        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator(".app-chooser__button:focus")).ToHaveTextAsync("Blood test due");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("“Blood test due” is in your message");
    }

    [Fact]
    public async Task The_templates_that_a_page_comes_with_open_leave_the_focus_to_what_went_wrong()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync(Scenario.TestPatient + "?template=not-there");

        await page.ShouldShowAsync("This template is not there any more");
        await Assertions.Expect(page.GetByLabel("Find a template")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_template_and_the_text_message_that_it_makes_stand_side_by_side()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync("/templates/new");

        var (text, preview) = (await BoxAsync(page, "#text"), await BoxAsync(page, "#preview"));
        Assert.True(preview.X > text.X + text.Width, $"The preview begins at {preview.X}, the words end at {text.X + text.Width}.");
    }

    private static async Task AllInViewAsync(IPage page, string preview)
    {
        foreach (var part in new[] { ".app-patient-banner", "#text", preview, "label[for=allowResponse]", "[data-send]" })
            await Assertions.Expect(page.Locator(part)).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    private static async Task IdentityInViewAsync(IPage page)
    {
        await Assertions.Expect(page.Locator(".app-patient-banner >> text=Test Patient")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(page.Locator(".app-patient-banner >> text=1 January 1980")).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(IPage page, string part) => (await page.Locator(part).BoundingBoxAsync())!;
}
