using Microsoft.Playwright;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>The clinician's desk: the list and, where there is room, the conversation beside it.</summary>
public sealed class DeskPagesTests(Chromium chromium) : PageTest(chromium)
{
    /// <summary>What a browser leaves of 1366 × 768.</summary>
    private const int Width = 1366, Height = 625;

    [Theory, InlineData(true), InlineData(false)]
    public async Task Eight_conversations_are_in_view_each_with_who_when_and_what_happened(bool javaScript)
    {
        var (page, alice) = await DeskAsync(javaScript);
        await FillAsync(alice);

        await page.GotoAsync("/conversations");
        await page.ShouldBeAccessible("conversations: desk");

        Assert.True(await InViewAsync(page) >= 8, $"{await InViewAsync(page)} conversations are in view.");
        await page.ClickAsync(".app-conversations__who >> nth=0");
        await page.ShouldSayAsync("Message to Test Patient");
        await page.ShouldBeLoadedAsync();
        Assert.True(await InViewAsync(page) >= 8, $"{await InViewAsync(page)} conversations are in view beside an open one.");
        Assert.All(await page.Locator(".app-conversations__item").AllInnerTextsAsync(), row => Assert.Contains("1 January 1980", row));
        // The page itself does not scroll: its two parts do.
        Assert.Equal(Height, await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
        Assert.Equal("Test Patient", await page.Locator("[aria-current=true].app-conversations__who").InnerTextAsync());
        await Assertions.Expect(page.Locator(".app-bar")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(page.Locator(".app-patient-banner")).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Fact]
    public async Task A_conversation_opens_beside_the_list_which_stays_and_Back_leads_back()
    {
        var (page, alice) = await DeskAsync(javaScript: true);
        var replied = (await FillAsync(alice))[0];
        await page.GotoAsync("/conversations");
        await page.EvaluateAsync("document.getElementById('pane').dataset.mine = 'still here'");
        await Assertions.Expect(page.Locator($"[data-id='{replied:N}'] .app-conversations__new")).ToHaveCountAsync(1);

        await page.Locator($"[data-id='{replied:N}'] a").ClickAsync();

        await page.ShouldSayAsync("Message to Test Patient");
        await page.ShouldBeAtAsync($"/conversations/{replied:N}$");
        await Assertions.Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex(@"^\(3\) Message to Test Patient"));
        await Assertions.Expect(page.Locator("#open h1")).ToBeFocusedAsync();
        Assert.Equal("still here", await page.EvaluateAsync<string>("document.getElementById('pane').dataset.mine"));
        await Assertions.Expect(page.Locator($"[data-id='{replied:N}'] .app-conversations__new")).ToHaveCountAsync(0);
        await page.ShouldBeAccessible("conversations: in place");

        await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
        await page.ShouldShowAsync("Marked as done.");
        await Assertions.Expect(page.Locator(".app-badge")).ToContainTextAsync("2");
        await Assertions.Expect(page.Locator($"[data-id='{replied:N}']")).ToContainTextAsync("Done");
        Assert.Equal("still here", await page.EvaluateAsync<string>("document.getElementById('pane').dataset.mine"));

        await page.EvaluateAsync("history.back()");
        await page.ShouldBeAtAsync($"/conversations/{replied:N}$");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Message to Test Patient");
        await page.EvaluateAsync("history.back()");
        await page.ShouldSayAsync("Conversations");
        await page.ShouldBeAtAsync("/conversations$");
    }

    [Fact]
    public async Task What_is_typed_in_one_conversation_stays_there_while_others_are_opened_and_marked()
    {
        var (page, alice) = await DeskAsync(javaScript: true);
        var ids = await FillAsync(alice);
        await page.GotoAsync("/conversations");
        await OpenAsync(ids[0]);
        await page.Locator("#text").FillAsync("Half a thought");

        await OpenAsync(ids[1]);
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("");
        await OpenAsync(ids[0]);
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("Half a thought");
        await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
        await page.ShouldShowAsync("Marked as done.");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("Half a thought");

        // The browser asks before the page goes.
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.DismissAsync();
        };
        await page.EvaluateAsync("document.querySelector('.app-header__name').click()");
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("Half a thought");

        async Task OpenAsync(Guid id)
        {
            await page.Locator($"[data-id='{id:N}'] a.app-conversations__who").ClickAsync();
            await page.ShouldBeAtAsync($"/conversations/{id:N}$");
            await Assertions.Expect(page.Locator($"#compose [name=follows][value='{id:N}']")).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task Alice_asks_again_with_a_template_and_the_new_message_is_open_beside_the_list()
    {
        var (page, alice) = await DeskAsync(javaScript: true);
        var id = (await FillAsync(alice))[0];
        await page.GotoAsync(id.Path());

        await page.ClickAsync("summary >> text=Start from a template");
        await page.ClickAsync("button >> text=Blood test due");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("blood test"));
        await page.Locator("#text").FillAsync("And your other knee?");
        await Assertions.Expect(page.Locator("#preview")).ToContainTextAsync("And your other knee?");
        await page.ClickAsync("#compose button >> text=Send");

        await Assertions.Expect(page.Locator("#opened")).ToContainTextAsync("And your other knee?");
        await Assertions.Expect(page.Locator("#text")).ToHaveValueAsync("");
        Assert.DoesNotContain($"{id:N}", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator($"[data-id='{id:N}']")).ToContainTextAsync("Answered");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Done_and_next_ends_at_the_list_and_a_colleague_is_told_whose_it_is(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        var id = await alice.AsksAsync(App);
        await App.PatRepliesAsync(id, "Better");
        await page.GotoAsync(id.Path());

        await page.ClickAsync("text=Done and next");

        await page.ShouldShowAsync("There is nothing more to do.");
        await page.ShouldSayAsync("Conversations");
        await page.ShouldBeAccessible("conversations: nothing more to do");

        var bobs = await (await App.BobSignsInAsync()).AsksAsync(App);
        await page.GotoAsync(bobs.Path());
        await page.ShouldSayAsync("This conversation belongs to a colleague");
        await page.ShouldBeAccessible("conversation of a colleague: theirs");
    }

    private async Task<(IPage Page, TestBrowser Http)> DeskAsync(bool javaScript)
    {
        var (page, alice) = await Alice(nameof(Screen.Desktop), javaScript);
        await page.SetViewportSizeAsync(Width, Height);
        return (page, alice);
    }

    /// <summary>Two replies, a failure and more that wait than there is room for. The first reply leads.</summary>
    private async Task<IReadOnlyList<Guid>> FillAsync(TestBrowser alice)
    {
        var (failed, second, first) = (await alice.AsksAsync(App, "Please book a blood test."), await alice.AsksAsync(App, "Is the pain better?"), await alice.AsksAsync(App, "How is your rash?"));
        var sent = (await App.ConversationAsync(first)).Sent;
        for (var i = 1; i <= 12; i++)
            await App.StartAsync(sent with { ConversationId = Guid.NewGuid(), Ref = $"ref{i}", Token = LinkToken.New().Value, At = sent.At.AddMinutes(-i), Patient = sent.Patient with { PatientId = $"patient{i}" } });
        await App.FailsAsync(failed, SmsFailure.WrongNumber);
        await App.PatRepliesAsync(second, "Yes, much better. It went away after two days and I have not had it since.");
        await App.PatRepliesAsync(first, "It still itches at night.");
        return [first, second, failed];
    }

    private static Task<int> InViewAsync(IPage page) => page.EvaluateAsync<int>(
        "[...document.querySelectorAll('.app-conversations__item')].filter(row => row.checkVisibility() && row.getBoundingClientRect().top >= 0 && row.getBoundingClientRect().bottom <= innerHeight).length");
}
