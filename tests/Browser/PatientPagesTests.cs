using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PatientResponse.Tests.Browser;

/// <summary>What a patient sees.</summary>
public sealed class PatientPagesTests(Chromium chromium) : PageTest(chromium)
{
    private const string TooLong = "I have had this for a long time. ";

    [Theory, MemberData(nameof(Ways))]
    public async Task The_front_door(string screen, bool javaScript)
    {
        var page = await Stranger(screen, javaScript);
        await page.GotoAsync("/");
        await page.ShouldBeAccessible("home: plain");
        await page.GetByLabel("Type the code").FillAsync("abc");
        await page.ClickAsync("main form button");
        await page.ShouldShowAsync("The code is too short");
        await page.ShouldBeAccessible("home: wrong code");
        await page.ClickAsync("text=Is this message real?");
        await page.ShouldSayAsync("Is this message real?");
        await page.ShouldBeAccessible("about messages: plain");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_date_of_birth_and_links_that_are_over(string screen, bool javaScript)
    {
        var alice = await App.AliceSignsInAsync();
        var asked = await alice.AsksAsync(App);
        var link = await LinkOfAsync(asked);
        var page = await Stranger(screen, javaScript);
        await page.GotoAsync(link);
        await page.ShouldBeAccessible("date of birth: plain");
        await page.ClickAsync("text=Answer on a computer");
        await Assertions.Expect(page.Locator(".app-code")).ToBeVisibleAsync();
        await page.ShouldBeAccessible("date of birth: computer");
        await page.GiveDateOfBirthAsync("31", "2", "1980");
        await page.ShouldBeAccessible("date of birth: impossible date");
        await page.GiveDateOfBirthAsync("2", "2", "1980");
        await page.ShouldShowAsync("You have 4 tries left");
        await page.ShouldBeAccessible("date of birth: wrong");

        for (var day = 3; day <= 6; day++)
            await App.PatConfirmsAsync(link, day);
        await Visit("locked", "This link is locked");
        await page.ClickAsync("text=Ask for a new link");
        await page.ShouldSayAsync("We have passed it on");
        await page.ShouldBeAccessible("link asked for: plain");
        var replaced = await alice.AsksAsync(App);
        link = await LinkOfAsync(replaced);
        await alice.GetAsync(replaced.Path());
        await alice.SubmitAsync($"form[action$='/send-again']");
        await App.DoQueuedWorkAsync();
        await Visit("replaced", "There is a newer link");
        link = await LinkOfAsync(replaced);
        await App.PatRepliesAsync(replaced, "Better");
        await Visit("used", "This link has been used");
        var cancelled = await alice.AsksAsync(App);
        link = await LinkOfAsync(cancelled);
        await alice.GetAsync(cancelled.Path());
        await alice.SubmitAsync($"form[action$='/cancel']");
        await Visit("cancelled", "No answer is needed any more");
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"), ("neutral", "true"));
        await page.GotoAsync(await LinkOfAsync(Guid.ParseExact(alice.Page.Address.Segments[^1], "N")));
        await page.ShouldSayAsync("You have a message");
        await page.ShouldBeAccessible("date of birth: neutral");
        link = await LinkOfAsync(await alice.AsksAsync(App));
        await ChangeAsync<Practice>("demo", practice => practice.ShowNameBeforeDateOfBirth = false);
        await page.GotoAsync(link);
        Assert.DoesNotContain("Demo Surgery", await page.InnerTextAsync("body"));
        await page.ShouldBeAccessible("date of birth: practice hidden");
        App.Time.Advance(Conversation.TimeToReply);
        await Visit("expired", "This link is too old");
        link = "/r/00000000000000000000000000";
        await Visit("unknown", "This link does not work");

        async Task Visit(string state, string heading)
        {
            await page.GotoAsync(link);
            await page.ShouldSayAsync(heading);
            await page.ShouldBeAccessible("link: " + state);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_answer(string screen, bool javaScript)
    {
        var alice = await App.AliceSignsInAsync();
        var page = await Stranger(screen, javaScript);
        await page.GotoAsync(await LinkOfAsync(await alice.AsksAsync(App, "How is your rash today?\nPlease send two photos.")));
        await page.GiveDateOfBirthAsync();
        await page.ShouldBeAccessible("reply: plain");
        await page.AnswerAsync("");
        await page.ShouldShowAsync("Write an answer, or add a photo or file");
        await page.ShouldBeAccessible("reply: nothing written");
        await Assertions.Expect(page.GetByLabel("Your name")).ToBeHiddenAsync();
        await page.GetByLabel("I am replying for someone else").CheckAsync();
        await page.AnswerAsync("My arm is better.");
        await page.ShouldShowAsync("Enter how you are related to them");
        await page.ShouldBeAccessible("reply: for somebody unnamed");
        await page.GetByLabel("Your name").FillAsync("Jo Patient");
        await page.GetByLabel("How are you related to them?").FillAsync("mother");
        await page.AnswerAsync("My arm is better.", ("arm.jpg", SampleFiles.Jpeg()), ("notes.txt", [1]), ("empty.pdf", []), ("a very long name of a film that was taken on a phone.mov", [1]));
        await page.ShouldShowAsync("empty.pdf: The selected file is empty");
        Assert.Equal("My arm is better.", await page.InputValueAsync("#text"));
        await page.ShouldBeAccessible("reply: files refused");
        await page.AnswerAsync(string.Concat(Enumerable.Repeat(TooLong, 155)), ("2.png", SampleFiles.Png()), ("3.gif", SampleFiles.Gif()), ("4.pdf", SampleFiles.Pdf()));
        await page.ShouldShowAsync("Your answer must be 5,000 characters or fewer");
        await page.ShouldBeAccessible("reply: too long");
        await page.AnswerAsync("My arm is better.", ("5.docx", SampleFiles.Docx()), ("6.doc", SampleFiles.Doc()));
        await page.ShouldShowAsync("6.doc: You can only select up to 5 files");
        await page.ShouldBeAccessible("reply: a sixth file");
        await page.GotoAsync(page.Url);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove arm.jpg" })).ToBeVisibleAsync();
        await page.ShouldBeAccessible("reply: five files");

        await page.Context.ClearCookiesAsync(new() { Name = "form" });
        await page.ClickAsync("text=Send my answer");
        await page.ShouldShowAsync("This page was open for too long. Your answer is still here");
        await page.ShouldBeAccessible("reply: stale");
        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        await page.ShouldBeAccessible("sent: plain");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_answer_comes_too_late(string screen, bool javaScript)
    {
        var alice = await App.AliceSignsInAsync();
        var page = await Stranger(screen, javaScript);
        var cancelled = await alice.AsksAsync(App);
        await page.GotoAsync(await LinkOfAsync(cancelled));
        await page.GiveDateOfBirthAsync();
        await alice.GetAsync(cancelled.Path());
        await alice.SubmitAsync($"form[action$='/cancel']");
        await page.AnswerAsync("My arm is better.\nThank you.");
        await page.ShouldSayAsync("No answer is needed any more");
        await page.ShouldShowAsync("My arm is better.");
        await page.ShouldBeAccessible("link: cancelled while writing");

        await page.GotoAsync(await LinkOfAsync(await alice.AsksAsync(App)));
        await page.GiveDateOfBirthAsync();
        App.Time.Advance(PatientSessions.Idle);
        var address = page.Url;
        await page.AnswerAsync("My arm is better.\nThank you.");
        await page.ShouldSayAsync("Open your link again");
        await page.ShouldBeAccessible("session over: with text");
        await page.GotoAsync(address);
        await page.ShouldBeAccessible("session over: opened");
    }

    [Fact]
    public async Task The_answer_cannot_be_stored()
    {
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileStore, AbsentFileStore>());
        var alice = await App.AliceSignsInAsync();
        var page = await Stranger(nameof(Screen.Phone), javaScript: false);
        await page.GotoAsync(await LinkOfAsync(await alice.AsksAsync(App)));
        await page.GiveDateOfBirthAsync();
        await page.AnswerAsync("My arm is better.\nThank you.", ("arm.jpg", SampleFiles.Jpeg()));
        await page.ShouldSayAsync("Your answer was not sent");
        await Expect(page.GetByLabel("What you wrote")).ToHaveValueAsync("My arm is better.\nThank you.");
        await page.ShouldBeAccessible("not saved: outage");
    }

    /// <summary>The disk is full, or the bucket went away after the start.</summary>
    internal sealed class AbsentFileStore : IFileStore
    {
        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default) => throw new IOException("Away");

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => throw new IOException("Away");

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => throw new IOException("Away");

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => AsyncEnumerable.Empty<string>();
    }
}
