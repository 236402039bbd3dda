using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Everything among the naughty strings that looks like markup or script, in a browser that would run it. The
/// Content-Security-Policy would stop most of it, but then the browser complains: here it may not even try.</summary>
public sealed class NaughtyWordsInTheBrowserTests(Chromium chromium) : PageTest(chromium)
{
    private static readonly string[] Scripts = [.. NaughtyStrings.All.Where(words => words.IndexOfAny(['<', '>', '"', '\'', '`', '{']) >= 0)];

    [Fact]
    public async Task Nothing_runs_on_any_page_that_shows_what_people_typed()
    {
        Assert.True(Scripts.Length > 200);
        var (page, alice) = await Alice(nameof(Screen.Desktop), javaScript: true);
        var dialogs = 0;
        page.Dialog += async (_, dialog) =>
        {
            dialogs++;
            await dialog.DismissAsync();
        };
        var all = string.Join('\n', Scripts);
        var asked = await alice.AsksAsync(App);
        var sent = (await App.ConversationAsync(asked)).Sent;
        var file = await App.StoreFileAsync(asked, "letter.pdf", SampleFiles.Pdf());
        var picture = await App.StoreFileAsync(asked, "arm.png", SampleFiles.Png());
        await App.AppendAsync(asked, new ReplyUploaded(Guid.NewGuid(), all, [.. Scripts.Select(name => file with { Name = name }), picture with { Name = Scripts[0] }], "", sent.At));
        foreach (var (number, words) in Scripts.Take(90).Index())
            await App.StartAsync(sent with { ConversationId = Guid.NewGuid(), Ref = $"ref{number}", Patient = sent.Patient with { Name = words }, Text = words, Token = LinkToken.New().Value });

        await LookAsync(asked.Path(), Scripts[0]);
        await LookAsync("/conversations", Scripts[1]);
        await LookAsync("/patients?q=" + Uri.EscapeDataString(Scripts.MaxBy(words => words.Length)!), "");

        await page.GotoAsync(Scenario.TestPatient);
        foreach (var words in Scripts.Where(words => words.Length < 300).Chunk(10))
        {
            // htmx puts the preview into the page: what it inserts must be as harmless as what the server sends whole.
            await page.GetByLabel("Your message").FillAsync(string.Join('\n', words));
            await page.ShouldShowAsync(words[^1].Trim().Split('\n')[0]);
        }
        Check();

        var open = sent with { ConversationId = Guid.NewGuid(), Ref = "open", RequesterName = Scripts[0], Text = all, Token = LinkToken.New().Value };
        await App.StartAsync(open);
        await page.GotoAsync($"/r/{open.Token}");
        await page.GiveDateOfBirthAsync();
        await page.AnswerAsync(all, [.. Scripts.Take(8).Select(name => (name.ReplaceLineEndings(" "), new byte[] { 1 }))]);
        await page.ShouldShowAsync("There is a problem");
        Check();

        async Task LookAsync(string address, string words)
        {
            await page.GotoAsync(address);
            await page.ShouldShowAsync(words);
            Check();
        }

        void Check()
        {
            Assert.Equal(0, dialogs);
            Assert.Empty(PageRecord.Of(page).Complaints);
        }
    }
}
