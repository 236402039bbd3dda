using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>What becomes of a message, as the clinician who sent it sees it.</summary>
public sealed class ConversationPagesTests : PageTest
{
    private readonly ScriptedCarrier _carrier = new();

    public ConversationPagesTests(Chromium chromium) : base(chromium) =>
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<ISmsSender>(_carrier));

    [Theory, MemberData(nameof(Ways))]
    public async Task Every_end_of_a_conversation(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        await page.GotoAsync("/conversations");
        await page.ShouldBeAccessible("conversations: none");

        var expired = await alice.AsksAsync(App, "How are you after the operation?");
        App.Time.Advance(Conversation.TimeToReply + Conversation.TimeToUpload);
        await App.DoQueuedWorkAsync();
        (page, alice) = await Alice(screen, javaScript);
        await page.GotoAsync("/conversations");
        await page.ClickAsync("summary >> text=No answer: 1");
        await page.ShouldShowAsync("Done for all");
        await page.ShouldBeAccessible("conversations: no answers");
        await Visit(expired, "expired", "The patient did not reply in time");
        await App.AppendAsync(expired, new NewLinkAsked(App.Time.GetUtcNow()));
        await Visit(expired, "new link asked for", "ask again below");
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        await App.DoQueuedWorkAsync();
        var neutral = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        await page.GotoAsync(neutral.Path());
        await page.ClickAsync("summary >> text=History and details");
        await page.ShouldShowAsync("The patient reads your words after the date of birth");
        await page.ShouldBeAccessible("conversation: neutral");

        await Visit(await alice.AsksAsync(App), "waiting", "Waiting for a reply until");
        await Visit(await alice.TellsAsync(App), "one-way", "No reply was asked for");

        _carrier.Next = new SmsOutcome.Permanent(SmsFailure.WrongNumber);
        var failed = await alice.AsksAsync(App, "Please book a blood test.");
        _carrier.Next = new SmsOutcome.Unknown();
        var unknown = await alice.AsksAsync(App, "Did the new tablets arrive?");
        _carrier.Next = new SmsOutcome.Transient();
        await Visit(await alice.AsksAsync(App), "queued", "waiting to be sent");
        _carrier.Next = null;

        var locked = await alice.AsksAsync(App, "How is your knee?");
        await App.SomebodyLocksAsync(await LinkOfAsync(locked));
        var read = await alice.AsksAsync(App, "Is the pain better?");
        await App.PatRepliesAsync(read, "Yes, thank you. It went away after two days and I have not had it since.");
        var replied = await alice.AsksAsync(App, "How is your rash today? Please send photos.");
        await App.PatRepliesAsync(replied, "Here are two photos.\nAnd the letter.",
            ("left arm.jpg", Photo("landscape_6.jpg")), ("right arm.jpg", Photo("portrait_8.jpg")), ("scan.gif", SampleFiles.Gif()),
            ("letter from the hospital about my left and right arm.pdf", SampleFiles.PdfWith("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")), ("diary.docx", SampleFiles.Docx()));
        var cancelled = await alice.AsksAsync(App, "Never mind this one.");

        await Visit(read, "replied with text alone", "It went away after two days");
        await page.GotoAsync("/conversations");
        await page.ShouldShowAsync("Replied");
        await page.ShouldBeAccessible("conversations: all kinds");
        await page.ClickAsync(".app-filters >> text=To do");
        await Assertions.Expect(page.Locator(".app-conversations__item")).ToHaveCountAsync(6);
        await page.ShouldBeAccessible("conversations: one filter");
        await page.GetByLabel("Patient’s NHS number or name").FillAsync("nobody");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("There is no such conversation under “To do”.");
        Assert.Matches("^/conversations[?]search=[0-9a-f]{32}$", await page.GetByText("Search in all your conversations").GetAttributeAsync("href"));
        await page.ShouldBeAccessible("conversations: nothing found");
        await page.GetByLabel("Patient’s NHS number or name").FillAsync("123");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldShowAsync("An NHS number has 10 digits");
        await page.ShouldBeAccessible("conversations: invalid number");

        await Visit(replied, "replied with files", "Here are two photos");
        await Visit(failed, "not delivered", "The number is not in use");
        await Visit(unknown, "unknown", "We cannot tell whether this message arrived");
        await Visit(locked, "locked", "The link is locked");

        await page.ClickAsync("summary >> text=Unlock the link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Unlock the link" }).ClickAsync();
        await page.ShouldShowAsync("The link works again");
        await page.ShouldBeAccessible("conversation: unlocked");

        await page.GotoAsync(unknown.Path());
        await page.ClickAsync("summary >> text=Send again");
        await page.GetByLabel("Another mobile number").FillAsync("020 7946 0000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await page.ShouldShowAsync("This is a landline number");
        await page.ShouldBeAccessible("conversation: number refused");
        await page.GetByLabel("Another mobile number").FillAsync("07700 900555");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await page.ShouldShowAsync("The message is being sent again");
        await page.ShouldBeAccessible("conversation: sent again");

        await page.GotoAsync(cancelled.Path());
        await page.ClickAsync("summary >> text=Cancel this request");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel this request" }).ClickAsync();
        await page.ShouldShowAsync("The request is cancelled");
        await page.ShouldBeAccessible("conversation: cancelled");

        var answered = await alice.AsksAsync(App);
        await page.GotoAsync(answered.Path());
        await App.PatRepliesAsync(answered, "Just in time");
        await page.ClickAsync("summary >> text=Cancel this request");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel this request" }).ClickAsync();
        await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeVisibleAsync();
        await page.ShouldBeAccessible("conversation: action refused");

        await page.GotoAsync(replied.Path());
        await page.ClickAsync(".app-thread summary");
        await page.ShouldBeAccessible("conversation: earlier messages");
        await page.ClickAsync("text=Done and next");
        await page.ShouldShowAsync("The one before is done. This is the next one.");
        await page.ShouldBeAccessible("conversation: next");

        DamageEveryFile();
        await page.GotoAsync($"{replied.Path()}/files/4");
        await page.ShouldSayAsync("This file is damaged and cannot be opened");
        await page.ShouldBeAccessible("conversation: damaged file");

        async Task Visit(Guid conversation, string state, string text)
        {
            await page.GotoAsync(conversation.Path());
            await page.ShouldShowAsync(text);
            await page.ShouldBeAccessible("conversation: " + state);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task More_conversations_than_a_page_holds(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        var sent = (await App.ConversationAsync(await alice.TellsAsync(App))).Sent;
        for (var i = 0; i < 101; i++)
            await App.StartAsync(sent with { ConversationId = Guid.NewGuid(), Ref = $"ref{i}", At = sent.At.AddMinutes(-i) });
        await page.GotoAsync("/conversations");
        await page.ShouldBeAccessible("conversations: more than a page");
        await page.ClickAsync("text=Show more");
        await Assertions.Expect(page.Locator(".app-conversations__item")).ToHaveCountAsync(2);
        await page.ShouldBeAccessible("conversations: second page");
        await page.ClickAsync("text=Back to the first");
        await Assertions.Expect(page.Locator(".app-conversations__item")).ToHaveCountAsync(100);
    }

    private void DamageEveryFile()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(App.DataFolder, "files"), "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
    }

    private static byte[] Photo(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Infrastructure/Files/photos", name));

    private sealed class ScriptedCarrier : ISmsSender
    {
        /// <summary>How the next attempts end; accepted, if null.</summary>
        public SmsOutcome? Next { get; set; }

        public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation) => Task.FromResult(Next ?? new SmsOutcome.Accepted("made-up"));
    }
}
