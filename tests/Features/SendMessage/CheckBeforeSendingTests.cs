using System.Net;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

public sealed class CheckBeforeSendingTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("Please tell 999 872 0850 that she may come.", "999 872 0850 looks like an NHS number")]
    [InlineData("Please tell Susan Smith's mother.", "Susan Smith is the name of another patient")]
    [InlineData("Your test is due on ___.", "Still to be filled in: ___")]
    [InlineData("Dear [patient first name], {{date}}", "Still to be filled in: [patient first name], {{date}}")]
    public async Task What_may_be_a_mistake_is_sent_only_when_Alice_says_so_again(string text, string warning)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var page = await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Contains("Check before you send", page.Text);
        Assert.Contains(warning, page.Text);
        Assert.Equal(text, page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n'));
        Assert.True(page.Html.QuerySelector("#allowResponse")!.HasAttribute("checked"));
        Assert.Equal(0, await SentAsync());

        page = await alice.SubmitAsync("#compose");
        Assert.Contains("Check before you send", page.Text);
        page = await alice.SubmitAsync("#compose", ("text", text + " Thanks ___"), ("confirmed", Confirmation(page)));
        Assert.Contains("Check before you send", page.Text);
        Assert.Equal(0, await SentAsync());

        page = await alice.SubmitAsync("#compose", ("confirmed", Confirmation(page)));
        Assert.StartsWith("/conversations/", page.Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(1, await SentAsync());
        Assert.Equal(1, await _app.WithAsync<IDatabase, long>(database => database.CountAsync("audit where action = 'sent despite warnings' and detail not like '%Smith%'")));
    }

    [Fact]
    public async Task A_message_that_warns_of_nothing_goes_at_once_and_leaves_no_such_record()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "Test Patient, 999 000 0018, call Dr Dana Demo of Demo Surgery, 01632 960001."));

        Assert.Equal(1, await SentAsync());
        Assert.Equal(0, await _app.WithAsync<IDatabase, long>(database => database.CountAsync("audit where action = 'sent despite warnings'")));
    }

    [Fact]
    public async Task The_live_preview_warns_too()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        var request = alice.Submission("#compose", ("text", "Susan Smith ___"));
        request.RequestUri = new(request.RequestUri!, Scenario.TestPatient + "/preview");
        var part = await TestPage.ReadAsync(await alice.SendAsync(request), request.RequestUri);

        var warning = part.Html.QuerySelector("#preview .app-heads-up")!.TextContent;
        Assert.Contains("Susan Smith is the name of another patient", warning, StringComparison.Ordinal);
        Assert.Contains("Still to be filled in: ___", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_tells_how_many_messages_went_from_whom_and_when_the_patient_replied()
    {
        var susan = await SusanAsync();
        var bob = await _app.BobSignsInAsync();
        Assert.Contains("No messages to this patient in the last 30 days.", (await bob.GetAsync(susan)).Text);
        var conversation = await SendAsync(bob, susan, "Bobs secret words");
        await _app.AppendAsync(conversation, new PatientResponse.Features.ReplyUploaded(Guid.NewGuid(), "Susans secret words", [], "", _app.Time.GetUtcNow()));
        _app.Time.Advance(TimeSpan.FromMinutes(15));
        await SendAsync(bob, susan, "Bobs second message");
        _app.Time.Advance(TimeSpan.FromMinutes(10));

        var alice = await _app.AliceSignsInAsync();
        var page = await alice.GetAsync(susan);
        Assert.Contains("2 messages to this patient in the last 30 days, all from Nurse Chris Colleague. Last reply 2 March 2026, 9:30am.", page.Text);
        Assert.DoesNotContain("secret", page.Source);
        Assert.Null(page.Html.QuerySelector(".app-heads-up"));

        await SendAsync(alice, susan, "Alices message");
        page = await alice.GetAsync(susan);
        Assert.Contains("3 messages to this patient in the last 30 days: you 1, Nurse Chris Colleague 2.", page.Text);
        Assert.Contains("You sent this patient a message less than a minute ago.", page.Html.QuerySelector(".app-heads-up")!.TextContent);

        _app.Time.Advance(TimeSpan.FromDays(30));
        page = await (await _app.AliceSignsInAsync()).GetAsync(susan);
        Assert.Contains("No messages to this patient in the last 30 days. Last reply 2 March 2026, 9:30am.", page.Text);
    }

    [Fact]
    public async Task A_colleagues_message_that_went_while_Alice_wrote_is_told_before_hers_goes()
    {
        var (alice, bob, susan) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync(), await SusanAsync());
        await alice.GetAsync(susan);
        await SendAsync(bob, susan, "From Bob");
        _app.Time.Advance(TimeSpan.FromMinutes(3));

        var page = await alice.SubmitAsync("#compose", ("text", "From Alice ___"));
        Assert.Contains("Nurse Chris Colleague sent this patient a message 3 minutes ago. That was after you opened this page.", page.Text);
        Assert.Equal(1, await SentAsync());
        await SendAsync(bob, susan, "From Bob again");
        page = await alice.SubmitAsync("#compose", ("confirmed", Confirmation(page)));
        Assert.Contains("sent this patient a message less than a minute ago. That was after", page.Text);
        Assert.Equal(2, await SentAsync());
        await alice.SubmitAsync("#compose", ("confirmed", Confirmation(page)));
        Assert.Equal(3, await SentAsync());
    }

    [Fact]
    public async Task A_message_that_the_page_told_of_needs_no_second_click()
    {
        var (alice, susan) = (await _app.AliceSignsInAsync(), await SusanAsync());
        await SendAsync(alice, susan, "One");
        await SendAsync(alice, susan, "Two");

        Assert.Equal(2, await SentAsync());
    }

    [Fact]
    public async Task The_test_patient_is_everyones_own()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.TellsAsync(_app);

        Assert.Contains("1 message to this patient in the last 30 days, from you.", (await alice.GetAsync(Scenario.TestPatient)).Text);
        Assert.Contains("No messages to this patient", (await (await _app.BobSignsInAsync()).GetAsync(Scenario.TestPatient)).Text);
    }

    [Fact]
    public async Task A_landline_is_named_as_such_and_another_number_asked_for()
    {
        var landline = SamplePatients.Read().First(patient => patient.Mobile?.StartsWith("020", StringComparison.Ordinal) == true);
        var page = await (await _app.AliceSignsInAsync()).GetAsync(await AddressOfAsync(landline.NhsNumber));

        Assert.Contains("This is a landline number.", page.Text);
        Assert.True(page.Html.QuerySelector("#another-number")!.HasAttribute("open"));
    }

    private static string Confirmation(TestPage page) => page.Html.QuerySelector("[name=confirmed]")!.GetAttribute("value")!;

    private static async Task<Guid> SendAsync(TestBrowser browser, string patient, string text)
    {
        await browser.GetAsync(patient);
        await browser.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        Assert.StartsWith("/conversations/", browser.Page.Address.AbsolutePath, StringComparison.Ordinal);
        return Guid.ParseExact(browser.Page.Address.Segments[^1], "N");
    }

    private Task<long> SentAsync() => _app.WithAsync<IDatabase, long>(database => database.CountAsync("mt_events where type = 'message_sent'"));

    /// <summary>A page to write to Susan Smith.</summary>
    private Task<string> SusanAsync() => AddressOfAsync(NhsNumber.Parse("9998720850"));

    private Task<string> AddressOfAsync(NhsNumber number) => _app.WithAsync<IPatientDirectory, string>(async patients =>
        $"/patients/{(await patients.SearchAsync(new PatientQuery.ByNhsNumber(number), new Clinician { PracticeId = "demo" }, CancellationToken.None))![0].Id}/message");
}
