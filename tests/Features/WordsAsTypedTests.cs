using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features;

/// <summary>What Word, PowerPoint, old files and Macs write, in every field that takes words: it means the same when it is kept.</summary>
public sealed class WordsAsTypedTests : IAsyncDisposable
{
    private const string Typed = "Take 5\u001E10 ml,\u000Bthen 5\u009610 mg\u0085at Cafe\u0301\u2028anti\u001Fbio\u00ADtic\u0007now";
    private const string Kept = "Take 5-10 ml,\nthen 5–10 mg\nat Café\nantibiotic now";
    private const string TypedLine = "Zoe\u0308\u001EAnn\u000BO\u0092Brien\u0007MD";
    private const string KeptLine = "Zoë-Ann O’Brien MD";

    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task In_a_message()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var preview = await alice.PostsAsync(alice.Submission("#compose", ("text", Typed)), "/preview");
        Assert.Contains(Kept, preview.Html.QuerySelector(".app-sms")!.TextContent, StringComparison.Ordinal);
        await alice.SubmitAsync("#compose", ("text", Typed), ("allowResponse", "true"));
        await _app.DoQueuedWorkAsync();
        Assert.StartsWith($"Dear Test,\n\n{Kept}\n\n", _app.SentTexts[0].Text, StringComparison.Ordinal);
        Assert.Contains(Kept, alice.Page.Html.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        Assert.Equal(Kept, (await _app.ConversationAsync(id)).Sent.Text);
        Assert.Contains(Kept, (await _app.PatOpensAsync(_app.NewestLink())).Page.Html.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_message_that_was_typed_when_the_session_had_ended()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var late = alice.Submission("#compose", ("text", Typed));
        _app.Time.Advance(TimeSpan.FromHours(1));
        Assert.Contains(Kept, (await alice.OpenAsync(late)).Html.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_reply_its_draft_and_the_names_of_who_replies()
    {
        var asked = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(asked.Link);
        (string, string)[] proxy = [("proxy", "true"), ("proxyName", TypedLine), ("proxyRelationship", "step\u001Emother\u2028and carer")];
        await pat.PostsAsync(pat.Submission("#reply", [("text", Typed), ("typed", "1"), .. proxy]), "/text");
        var page = await pat.GetAsync(pat.Page.Address.AbsolutePath);
        Assert.Equal(Kept, page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        Assert.Equal((KeptLine, "step-mother and carer"), (page.Html.QuerySelector("#proxyName")!.GetAttribute("value"), page.Html.QuerySelector("#proxyRelationship")!.GetAttribute("value")));

        await pat.SubmitFilesAsync("#reply", [("5\u001E10 ml.pdf", SampleFiles.Pdf())], [("text", Typed), .. proxy]);
        Assert.EndsWith("/sent", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
        var reply = (await _app.ConversationAsync(Guid.ParseExact(asked.Conversation[^32..], "N"))).Reply!;
        Assert.Equal((Kept, KeptLine, "step-mother and carer"), (reply.Text, reply.Proxy!.Name, reply.Proxy.Relationship));
        Assert.Equal("5-10 ml.pdf", Assert.Single(reply.Files).Name);
        var shown = await asked.Alice.GetAsync(asked.Conversation);
        Assert.Equal(Kept, shown.Html.QuerySelector("#reply-text")!.TextContent);
        Assert.Contains(KeptLine, shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_template()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/new");
        await alice.SubmitAsync("#template", ("name", TypedLine), ("text", Typed));
        var page = await alice.GetAsync(alice.Page.Html.QuerySelectorAll("a").Single(link => link.TextContent.Contains(KeptLine, StringComparison.Ordinal) && link.GetAttribute("href")!.StartsWith("/templates/", StringComparison.Ordinal) && !link.GetAttribute("href")!.EndsWith("delete", StringComparison.Ordinal)).GetAttribute("href")!);
        Assert.Equal((KeptLine, Kept), (page.Html.QuerySelector("#name")!.GetAttribute("value"), page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n')));
        await alice.GetAsync("/templates/new");
        var same = await alice.SubmitAsync("#template", ("name", "Zoë-Ann O’Brien MD"), ("text", "Hello"));
        Assert.Contains("Another template has this name", same.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_names_and_sign_offs_of_a_clinician_and_a_practice()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form", ("name", TypedLine), ("signOff", "Zoe\u0308\u001EAnn\u0085MD"));
        var me = await _app.ClinicianAsync(Scenario.AlicesEmail);
        Assert.Equal((KeptLine, "Zoë-Ann MD"), (me.Name, me.SignOff));
        await alice.GetAsync("/practice");
        var page = await alice.SubmitAsync("main form", ("name", "St Mary\u0092s\u001ECafe\u0301\u000BSurgery"), ("signOff", "St Mary\u0092s\u2029team"), ("phone", "\u202A０１６３２\u00A0960001\u202C"),
            ("senderName", "ＮＨＳ\u00A0Mary\u200B"), ("retentionDays", "\u202F３６５\u200B"));
        Assert.Contains("The settings are saved", page.Text, StringComparison.Ordinal);
        var practice = await PracticeAsync("demo");
        Assert.Equal(
            ("St Mary’s-Café Surgery", "St Mary’s team", "01632 960001", "NHS Mary", 365),
            (practice.Name, practice.SignOff, practice.Phone, practice.SenderName, practice.RetentionDays));
    }

    [Fact]
    public async Task In_what_the_operator_types()
    {
        Assert.Equal(0, (await _app.CommandAsync("practice", "set", "river", "--name", "St\u00A0Cafe\u0301\u001ERow\u000BSurgery", "--sign-off", "The\u0085team", "--phone", "０１６３２ 960001", "--sender-name", "ＮＨＳ")).Exit);
        var practice = await PracticeAsync("river");
        Assert.Equal(("St\u00A0Café-Row Surgery", "The team", "01632 960001", "NHS"), (practice.Name, practice.SignOff, practice.Phone, practice.SenderName));
        Assert.Equal(0, (await _app.CommandAsync("clinician", "add", "zoe@example.nhs.uk\u200B", "--name", TypedLine, "--practice", "river")).Exit);
        Assert.Equal(KeptLine, (await _app.ClinicianAsync("zoe@example.nhs.uk")).Name);
        var id = await (await _app.AliceSignsInAsync()).AsksAsync(_app);
        Assert.Equal(0, (await _app.CommandAsync("erase", $"{id:N}", "--reason", "wrong\u001Eperson\u000B2\u00963")).Exit);
        Assert.Contains(await _app.AuditedAsync("erased"), detail => detail.EndsWith("wrong-person 2–3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_list_of_patients()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"NHS Number,Forename,Surname,DOB,Mobile\n９９９ 000\u00A00026,Zoe\u0308\u001EAnn,O\u0092Brien\u200B,31/03/1980,\u202A07700\u00A0900123\u202C\n");
        var charlie = await _app.CharlieSignsInAsync();
        var (exit, _, error) = await _app.CommandAsync("patients", "import", file, "--practice", "riverside");
        Assert.True(exit == 0, error);
        var page = await charlie.GetAsync("/patients?q=9990000026");
        page = await charlie.GetAsync(page.Html.QuerySelector("main a[href$='/message']")!.GetAttribute("href")!);
        Assert.Contains("Zoë-Ann O’Brien", page.Text, StringComparison.Ordinal);
        Assert.Contains("to 07700 900123", page.Text, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task In_the_search_box_of_the_conversations()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.AsksAsync(_app);
        var page = await alice.GetAsync("/conversations?q=" + Uri.EscapeDataString("te\u00ADst\u000Bpatient"));
        Assert.Equal("test patient", page.Html.QuerySelector("input[name=q]")!.GetAttribute("value")!.Replace('\n', ' '));
        Assert.Single(page.Html.QuerySelectorAll("main a[href^='/conversations/']").Select(link => link.GetAttribute("href")).Distinct());
    }

    [Fact]
    public async Task A_password_is_taken_letter_by_letter()
    {
        var alice = await _app.AliceSignsInAsync();
        const string password = "Cafe\u0301 5\u001E10\u00AD ml";
        await alice.GetAsync("/account/password");
        await alice.SubmitAsync("main form", ("current", Scenario.Password), ("password", password), ("again", password));
        Assert.Contains("Your password is changed", alice.Page.Text, StringComparison.Ordinal);
        var browser = _app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", "Café 5-10 ml"));
        Assert.Equal("/sign-in", browser.Page.Address.AbsolutePath);
        await _app.SignInAsync(Scenario.AlicesEmail, password);
    }

    private async Task<Practice> PracticeAsync(string id) => (await _app.WithAsync<IDocumentSession, Practice?>(session => session.LoadAsync<Practice>(id)))!;
}
