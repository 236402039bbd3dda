using Microsoft.Playwright;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>What a clinician sees up to the sending of a message.</summary>
public sealed class StaffPagesTests(Chromium chromium) : PageTest(chromium)
{
    [Theory, MemberData(nameof(Ways))]
    public async Task Sign_in(string screen, bool javaScript)
    {
        var page = await Stranger(screen, javaScript);
        await page.GotoAsync("/sign-in");
        await page.ShouldBeAccessible("sign-in: plain");
        await page.SignInAsync("", "");
        await page.ShouldBeAccessible("sign-in: errors");
        await page.SignInAsync(password: "wrong");
        await page.ShouldShowAsync("The email address or password is not right");
        await page.ShouldBeAccessible("sign-in: wrong password");

        var guesser = App.NewBrowser();
        await guesser.GetAsync("/sign-in");
        for (var tries = 0; tries < 10; tries++)
            await guesser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", "guess"));
        await page.SignInAsync();
        await page.ShouldShowAsync("Too many tries");
        await page.ShouldBeAccessible("sign-in: locked");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Forgotten_password(string screen, bool javaScript)
    {
        var page = await Stranger(screen, javaScript);
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("main a[href='/forgotten-password']");
        await page.ShouldSayAsync("Forgotten your password?");
        await page.ShouldBeAccessible("forgotten password: plain");
        await page.ClickAsync("main form button");
        await page.ShouldShowAsync("Enter your email address");
        await page.ShouldBeAccessible("forgotten password: errors");
        await page.FillAsync("#email", Scenario.AlicesEmail);
        await page.ClickAsync("main form button");
        await page.ShouldSayAsync("Check your email");
        await page.ShouldBeAccessible("forgotten password: sent");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Patient(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        await page.GotoAsync("/patients/test");
        await page.ShouldSayAsync("Test Patient");
        await page.ShouldBeAccessible("patient: plain");
        await page.ClickAsync("form[action$='/notes'] button");
        await page.ShouldShowAsync("Write the note first");
        await page.ShouldBeAccessible("patient: errors");
        await page.FillAsync("#note", "Speaks Polish. Please call after 5 pm, and ask for the daughter, who interprets, before anything is booked");
        await page.ClickAsync("form[action$='/notes'] button");
        await page.ShouldShowAsync("The note is saved.");
        await page.ShouldBeAccessible("patient: note");
        await page.GotoAsync(Scenario.TestPatient);
        await page.ShouldBeAccessible("message: with a note");
        var id = await alice.AsksAsync(App);
        await App.PatRepliesAsync(id, "Better");
        await page.ClickAsync(".app-patient-banner a");
        await page.ShouldShowAsync("Message of");
        await page.ShouldBeAccessible("patient: conversations");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Signed_out_meanwhile(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.WriteAsync("Please do not lose me");
        App.Time.Advance(TimeSpan.FromMinutes(31));
        await page.ClickAsync("#compose button");
        await page.ShouldSayAsync("You were signed out. Nothing was sent.");
        Assert.Contains("Please do not lose me", await page.InputValueAsync("#text"));
        await page.ShouldBeAccessible("signed out meanwhile: with text");

        (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/account");
        App.Time.Advance(TimeSpan.FromMinutes(31));
        await page.ClickAsync("main form button");
        await page.ShouldSayAsync("You were signed out. Nothing was sent.");
        await page.ShouldBeAccessible("signed out meanwhile: nothing typed");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Help(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/help");
        await page.ShouldBeAccessible("help: plain");
        await page.GotoAsync("/help?q=recovery");
        await page.ShouldShowAsync("1 answer found");
        await page.ShouldBeAccessible("help: found");
        await page.GotoAsync("/help?q=zebra");
        await page.ShouldShowAsync("No answers found");
        await page.ShouldBeAccessible("help: nothing found");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Account(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/account");
        await page.ShouldBeAccessible("account: plain");
        await page.ClickAsync("main form button");
        await page.ShouldShowAsync("Your details are saved");
        await page.ShouldBeAccessible("account: saved");
        await page.GetByLabel("Your name").FillAsync("");
        await page.GetByLabel("The mobile number").FillAsync("01632 960001");
        await page.ClickAsync("main form button");
        await page.ShouldBeAccessible("account: errors");

        await page.GotoAsync("/account/password");
        await page.ShouldBeAccessible("password: plain");
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("short");
        await page.ClickAsync("main form button");
        await page.ShouldBeAccessible("password: errors");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Setting_a_password(string screen, bool javaScript)
    {
        var page = await Stranger(screen, javaScript);
        var (_, link, _) = await App.CommandAsync("clinician", "add", "new@example.nhs.uk", "--name", "Nurse New", "--practice", "demo");
        await page.GotoAsync(new Uri(link[link.IndexOf("http", StringComparison.Ordinal)..].Split((char[]?)null)[0]).PathAndQuery);
        await page.ShouldSayAsync("Set your password");
        await page.ShouldBeAccessible("set password: plain");
        var address = page.Url;
        await page.ClickAsync("main form button");
        await page.ShouldBeAccessible("set password: errors");
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("three random words");
        await page.GetByLabel("New password again").FillAsync("three random words");
        await page.ClickAsync("main form button");
        await page.ShouldSayAsync("Password set");
        await page.ShouldBeAccessible("set password: done");
        await page.GotoAsync(address);
        await page.ShouldBeAccessible("set password: dead link");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Finding_a_patient(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/patients");
        await page.ShouldBeAccessible("patients: first visit");
        foreach (var (typed, dob, heading, state) in ((string, string, string, string)[])
        [
            ("Smith", "", "patients found", "results"),
            ("9992091452", "", "1 patient found", "one result"),
            ("Nobody", "", "No patient found", "none"),
            ("Smith", "1901-01-01", "No patient found", "none with this date of birth"),
            ("Jo", "", "More than 50 patients found", "too many"),
            ("999 209 1453", "", "", "invalid number"),
        ])
        {
            await page.GetByLabel("NHS number or name").FillAsync(typed);
            await page.GetByLabel("Date of birth").FillAsync(dob);
            await page.ClickAsync("main form button");
            if (heading.Length > 0)
                await Assertions.Expect(page.Locator("h2").First).ToContainTextAsync(heading);
            else
                await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeVisibleAsync();
            await page.ShouldBeAccessible("patients: " + state);
        }
        await page.GotoAsync("/patients?q=Smith&dob=1980-13-01");
        await page.ShouldBeAccessible("patients: invalid date");

        await WithoutMobileAsync();
        await page.GotoAsync("/patients?q=9990000018");
        await page.ShouldBeAccessible("patients: test patient without mobile");
        await page.GotoAsync(Scenario.TestPatient);
        await page.ShouldBeAccessible("message: test patient without mobile");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Writing_a_message(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.ShouldBeAccessible("message: plain");
        await page.ClickAsync("#compose button");
        await page.ShouldShowAsync("Enter a message");
        await page.ShouldBeAccessible("message: empty");
        await page.GetByLabel("Neutral text message").CheckAsync();
        await page.GetByLabel("Your message").FillAsync("How is your rash today?");
        await page.ClickAsync("#compose button:visible");
        await page.ShouldShowAsync("is read behind its link");
        await page.ShouldBeAccessible("message: neutral without a reply");
        await page.GetByLabel("Allow patient response").CheckAsync();
        await page.GetByLabel("Your message").FillAsync("");
        await page.ClickAsync("#compose button:visible");
        await page.ShouldShowAsync("Enter a message");
        await page.ShouldShowAsync("it says neither who wrote nor what about");
        await page.ShouldBeAccessible("message: neutral");
        await page.GetByLabel("Neutral text message").UncheckAsync();
        if (javaScript)
        {
            await page.GetByLabel("Your message").FillAsync("How is your rash today?");
            await page.GetByLabel("Allow patient response").CheckAsync();
            await page.ShouldShowAsync("Reply within 7 days");
            await page.ShouldBeAccessible("message: preview");
            await page.GetByLabel("Your message").FillAsync("¿Qué tal? Jak się czujesz? 😀 ආයුබෝවන්");
            await page.ShouldShowAsync("so the whole message goes as Unicode");
            await page.ShouldBeAccessible("message: preview in Unicode");
        }
        await page.GetByLabel("Your message").FillAsync(string.Join(' ', Enumerable.Repeat("Ąę how are you?", 60)));
        await page.ClickAsync("#compose button");
        await page.ShouldShowAsync("too long. Shorten it");
        await page.ShouldBeAccessible("message: too long");

        var alice = await App.WithAsync<IDocumentSession, Clinician>(async session => (await session.LoadAsync<Clinician>(await AlicesIdAsync()))!);
        var dead = (await App.WithAsync<IPatientDirectory, PatientsFound>(patients =>
            patients.SearchAsync(PatientQuery.Parse("Dorothy Ingram", ""), alice, CancellationToken.None)))!.Single();
        await page.GotoAsync($"/patients/{dead.Id}/message");
        await page.ShouldShowAsync("This patient has died");
        await page.ShouldBeAccessible("message: obstacle");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Forms_that_were_open_for_too_long_or_came_from_elsewhere(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.WriteAsync("Please do not lose me");
        await ForgetFormsAsync(page);
        await page.ClickAsync("#compose button");
        await page.ShouldSayAsync("This page was open for too long");
        await page.ShouldBeAccessible("stale form: message");
        await page.ClickAsync("main form button");
        await page.ShouldSayAsync("Message to Test Patient");

        await page.GotoAsync("/account");
        await page.GetByLabel("Your name").FillAsync("Dr D. Demo");
        await ForgetFormsAsync(page);
        await page.ClickAsync("main form button");
        await page.ShouldSayAsync("This page was open for too long");
        await page.ShouldBeAccessible("stale form: other");

        await PostFromElsewhereAsync(page, "/account");
        await page.ShouldShowAsync("The form came from another website");
        await page.ShouldBeAccessible("stale form: from another site");
        await PostFromElsewhereAsync(page, "/");
        await page.ShouldSayAsync("This was sent from another website");
        await page.ShouldBeAccessible("from another site: code");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Addresses_that_do_not_exist(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/patients/0123456789abcdef0123456789abcdef/message");
        await page.ShouldBeAccessible("not found: signed in");
        page = await Stranger(screen, javaScript);
        await page.GotoAsync("/no-such-page");
        await page.ShouldBeAccessible("not found: signed out");
    }

    private static Task ForgetFormsAsync(IPage page) => page.Context.ClearCookiesAsync(new() { Name = "form" });

    private async Task PostFromElsewhereAsync(IPage page, string path)
    {
        await page.RouteAsync("http://elsewhere.example/", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = $"<form method=post action='{new Uri(App.Address, path)}'><input name=code value=x><button>Go</button></form>",
        }));
        await page.GotoAsync("http://elsewhere.example/");
        await page.ClickAsync("button");
    }

    private async Task WithoutMobileAsync() => await ChangeAsync<Clinician>(await AlicesIdAsync(), clinician => clinician.TestMobile = null);

    private Task<string> AlicesIdAsync() =>
        App.WithAsync<Microsoft.AspNetCore.Identity.UserManager<Clinician>, string>(async people => (await people.FindByNameAsync(Scenario.AlicesEmail))!.Id);
}
