using Microsoft.Playwright;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>With the keyboard alone, as many clinicians and some patients work. The pages' own scripts are off in one
/// of the two runs, because nothing here may depend on them.</summary>
public sealed class KeyboardTests(Chromium chromium) : PageTest(chromium)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_clinician_signs_in_finds_the_patient_and_sends_without_a_mouse(bool javaScript)
    {
        var page = await Stranger(nameof(Screen.Desktop), javaScript);
        await page.GotoAsync("/sign-in");
        await TabToAsync(page, "input#email");
        await page.Keyboard.TypeAsync(Scenario.AlicesEmail);
        await TabToAsync(page, "input#password");
        await page.Keyboard.TypeAsync(Scenario.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Conversations");
        await TabToAsync(page, "Patients");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Find a patient");
        Assert.Equal("input#q", await FocusAsync(page));
        await page.Keyboard.TypeAsync("9990000018");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("1 patient found");
        await TabToAsync(page, "Message patient Test Patient");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message patient");
        Assert.Equal("textarea#text", await FocusAsync(page));
        await page.Keyboard.TypeAsync("How is your rash today?");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("input#allowResponse", await FocusAsync(page));
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("input#neutral", await FocusAsync(page));
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Send", await FocusAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message to Test Patient");
        await page.ShouldShowAsync("Waiting for a reply until");
        await TabToAsync(page, "Conversations");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Conversations");
        await TabToAsync(page, "Test Patient");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message to Test Patient");
        await TabToAsync(page, "Cancel this request");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Cancel this request");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("The request is cancelled");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_clinician_takes_a_template_and_confirms_a_warning_without_a_mouse(bool javaScript)
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        Assert.Equal("textarea#text", await FocusAsync(page));
        await page.Keyboard.PressAsync("Shift+Tab");
        Assert.Equal("Start from a template", await FocusAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Blood test due");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("“Blood test due” is in your message");
        await Assertions.Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        // Enter in the box sends, as everywhere: it must press neither a template's button nor "Send anyway".
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("Check before you send");
        await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
        await TabToAsync(page, "input#allowResponse");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("Check before you send");
        await TabToAsync(page, "Send anyway");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message to Test Patient");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_patient_confirms_the_date_of_birth_and_answers_without_a_mouse(bool javaScript)
    {
        var request = await App.AliceAsksAsync();
        var page = await Stranger(nameof(Screen.Phone), javaScript);
        await page.GotoAsync(request.Link);
        foreach (var (field, typed) in ((string, string)[])[("input#day", "1"), ("input#month", "1"), ("input#year", "1980")])
        {
            await TabToAsync(page, field);
            await page.Keyboard.TypeAsync(typed);
        }
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Your answer");
        await TabToAsync(page, "textarea#text");
        await page.Keyboard.TypeAsync("Much better");
        await TabToAsync(page, "input#files");
        await TabToAsync(page, "Send my answer");
        await page.Keyboard.PressAsync("Space");
        await page.ShouldSayAsync("Answer sent");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Mistakes_take_the_focus_and_their_links_lead_to_the_field(bool javaScript)
    {
        var page = await Stranger(nameof(Screen.Desktop), javaScript);
        await page.GotoAsync("/sign-in");
        await page.SignInAsync("", "");
        await LeadsAsync("input#email");
        await page.SignInAsync();
        await page.GotoAsync(Scenario.TestPatient);
        await page.ClickAsync("#compose button");
        await LeadsAsync("textarea#text");
        await page.GotoAsync("/patients");
        await page.GetByLabel("NHS number or name").FillAsync("123");
        await page.ClickAsync("main form button");
        await LeadsAsync("input#q");

        var asked = await App.AliceAsksAsync();
        await page.GotoAsync(asked.Link);
        await page.GiveDateOfBirthAsync("1", "13", "1980");
        await LeadsAsync("input#month");
        await page.GiveDateOfBirthAsync();
        await page.AnswerAsync("", ("film.mov", [1]));
        await LeadsAsync("input#files");

        async Task LeadsAsync(string field)
        {
            await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.Locator(field)).ToBeFocusedAsync();
        }
    }

    /// <summary>Presses Tab until something has the focus, and looks whether each stop on the way shows it (WCAG 2.4.7).</summary>
    private static async Task TabToAsync(IPage page, string element)
    {
        var stops = new List<string> { "" };
        while (stops.Count < 60)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await FocusAsync(page);
            stops.Add(focused);
            if (await page.EvaluateAsync<bool>("document.activeElement === document.body"))
                continue;
            // A date field has several stops of its own, and looking at it leads back to its first.
            if (focused != stops[^2])
                Assert.True(await IsMarkedAsync(page), $"{focused} does not show that it has the focus.");
            if (focused == element)
                return;
        }
        Assert.Fail($"Tab does not reach {element}, only {string.Join(", ", stops.Distinct())}.");
    }

    /// <summary>Whether what has the focus looks different from what it would without.</summary>
    private static Task<bool> IsMarkedAsync(IPage page) => page.EvaluateAsync<bool>("""
        () => {
            const look = element => {
                const all = [];
                for (let e = element; e && e !== document.body; e = e.parentElement)
                    for (const part of [null, '::before', '::after']) {
                        const style = getComputedStyle(e, part);
                        all.push(style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.color, style.clip, style.top);
                    }
                for (const label of element.labels ?? [])
                    for (const part of [null, '::before', '::after'])
                        all.push(getComputedStyle(label, part).outline, getComputedStyle(label, part).boxShadow);
                return all.join();
            };
            const focused = document.activeElement, with_ = look(focused);
            focused.blur();
            const without = look(focused);
            focused.focus({ focusVisible: true });
            return with_ !== without;
        }
        """);

    /// <summary>What has the focus: a field as "tag#id", anything else by its words.</summary>
    private static Task<string> FocusAsync(IPage page) => page.EvaluateAsync<string>("""
        () => {
            const e = document.activeElement;
            return e === document.body ? '' : e.matches('input, textarea') ? `${e.localName}#${e.id}` : e.textContent.replace(/\s+/g, ' ').trim();
        }
        """);
}
