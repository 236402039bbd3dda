using Microsoft.Playwright;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Acceptance 65: from any page to a sent message by keyboard, and ten seconds to think again.</summary>
public sealed class FastHandsTests : PageTest
{
    private const string Undo = "#bar form[action$='/undo'] button";

    public FastHandsTests(Chromium chromium) : base(chromium) => App.Settings["Sms:UndoFor"] = "00:00:10";

    [Theory]
    [InlineData("/conversations")]
    [InlineData("/templates")]
    [InlineData("/account")]
    [InlineData("/patients")]
    [InlineData("/not-there")]
    public async Task From_any_page_to_a_message_that_is_sent_without_the_mouse(string from)
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync(from);
        await page.ShouldBeLoadedAsync();
        await page.EvaluateAsync("document.activeElement.blur()");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("9990000018");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message patient");
        await Assertions.Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Your results are normal.");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.ShouldSayAsync("Message to Test Patient");
        App.Time.Advance(TimeSpan.FromSeconds(10));
        await App.DoQueuedWorkAsync();

        Assert.Contains("Your results are normal.", Assert.Single(App.SentTexts).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_Enter_opens_the_only_patient_too_and_shows_several()
    {
        var (page, _) = await Alice(nameof(Screen.Phone), javaScript: false);
        await page.GotoAsync("/templates");
        await page.FillAsync("#find", "9990000018");
        await page.PressAsync("#find", "Enter");
        await page.ShouldSayAsync("Message patient");

        await page.FillAsync("#find", "David Smith");
        await page.ClickAsync(".app-find__button");
        await page.ShouldShowAsync("2 patients found");
        await page.FillAsync("#find", "999");
        await page.ClickAsync(".app-find__button");
        await page.ShouldShowAsync("An NHS number has 10 digits. You typed 3.");
    }

    [Fact]
    public async Task Patients_stand_below_the_box_while_somebody_types_and_the_arrows_choose_among_them()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.GotoAsync("/templates");
        await page.FocusAsync("#find");
        await page.Keyboard.TypeAsync("David Smit");
        await Assertions.Expect(page.Locator("#found a")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#found-status")).ToHaveTextAsync("2 patients found.");
        await page.ShouldBeAccessible("templates: patients found");

        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#found a").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(page.Locator("#find")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#found")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Backspace");
        await Assertions.Expect(page.Locator("#found a").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldSayAsync("Message patient");
    }

    [Fact]
    public async Task What_was_sent_is_undone_with_one_key_and_the_words_are_there_again()
    {
        var (page, _) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await SendsAsync(page, "How is your left knee?");
        await Assertions.Expect(page.Locator(Undo)).ToBeVisibleAsync();
        await page.ShouldBeAccessible("conversation: can be undone");

        await page.Keyboard.PressAsync("z");

        await page.ShouldShowAsync("Undone: the text message was not sent.");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("How is your left knee?");
        await Assertions.Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.ShouldBeAccessible("message: undone");
        await page.Keyboard.TypeAsync(" And the right?");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("How is your left knee? And the right?");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.ShouldSayAsync("Message to Test Patient");
        App.Time.Advance(TimeSpan.FromSeconds(10));
        await App.DoQueuedWorkAsync();
        Assert.Contains("And the right?", Assert.Single(App.SentTexts).Text, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator(Undo)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Without_a_script_Undo_is_a_button_and_what_was_undone_says_so()
    {
        var (page, _) = await Alice(nameof(Screen.Phone), javaScript: false);
        await SendsAsync(page, "How is your knee?");
        var conversation = page.Url;
        await page.ClickAsync(Undo);
        await page.ShouldShowAsync("Undone: the text message was not sent.");

        await page.GotoAsync(conversation);
        await page.ShouldShowAsync("You undid this message before it left. The patient did not get it.");
        await page.ShouldBeAccessible("conversation: undone");
    }

    [Fact]
    public async Task Keys_do_what_their_list_says_and_can_be_turned_off()
    {
        var (page, http) = await Alice(nameof(Screen.Desktop), javaScript: true);
        foreach (var text in (string[])["How is your knee?", "How is your elbow?"])
            await http.AsksAsync(App, text);
        App.Time.Advance(TimeSpan.FromSeconds(10));
        await App.DoQueuedWorkAsync();
        var id = await http.AsksAsync(App, "How is your hip?");
        App.Time.Advance(TimeSpan.FromSeconds(10));
        await App.DoQueuedWorkAsync();
        await App.PatRepliesAsync(id, "It hurts");
        await page.GotoAsync("/conversations");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("a[data-open]").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("a[data-open]").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".app-reply-text")).ToHaveTextAsync("It hurts");
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("d");
        await page.ShouldShowAsync("Marked as done.");
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.Locator("#text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("d/?");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("d/?");

        // From where the focus is, not from what is open.
        await page.GotoAsync($"/conversations/{await page.Locator("[data-id] >> nth=2").GetAttributeAsync("data-id")}");
        await page.Locator("a[data-open]").First.FocusAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("a[data-open]").Nth(1)).ToBeFocusedAsync();
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(page.Locator("a[data-open]").Nth(1)).ToBeFocusedAsync();

        await page.GotoAsync("/account");
        await page.ClickAsync("text=See the keys, or turn them off");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await page.ShouldBeAccessible("account: keys");
        await page.GetByLabel("Single keys work in this browser").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator("#keys")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#find")).Not.ToBeFocusedAsync();
        await page.ClickAsync("text=See the keys, or turn them off");
        await page.GetByLabel("Single keys work in this browser").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator("#find")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_reply_is_copied_for_the_record_and_marked_with_two_keys()
    {
        var (page, http) = await Alice(nameof(Screen.Desktop), javaScript: true);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var id = await http.AsksAsync(App, "How is your hip?");
        App.Time.Advance(TimeSpan.FromSeconds(10));
        await App.DoQueuedWorkAsync();
        await App.PatRepliesAsync(id, "It hurts\n<b>at night</b>");
        await page.GotoAsync($"/conversations/{id:N}");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy for the record" })).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("c");

        await Assertions.Expect(page.Locator("#record-text-copied")).ToHaveTextAsync("Copied");
        Assert.Contains("Question\n--------\nHow is your hip?", (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("It hurts\n<b>at night</b>", (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("s");
        await page.ShouldShowAsync("Marked as saved to the record.");
        await page.ShouldBeAccessible("conversation: saved to the record");
    }

    private static async Task SendsAsync(IPage page, string text)
    {
        await page.GotoAsync(Scenario.TestPatient);
        await page.FillAsync("#text", text);
        await page.CheckAsync("#allowResponse");
        await page.ClickAsync("[data-send]");
        await page.ShouldSayAsync("Message to Test Patient");
    }
}
