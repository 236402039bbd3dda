using Microsoft.Playwright;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>How a clinician sets up and uses a second step, and what a manager sets for the practice.</summary>
public sealed class SecondFactorPagesTests(Chromium chromium) : PageTest(chromium)
{
    [Theory, MemberData(nameof(Ways))]
    public async Task Practice_settings(string screen, bool javaScript)
    {
        var (page, http) = await Alice(screen, javaScript);
        await page.GotoAsync("/practice");
        await page.ShouldBeAccessible("practice: plain");
        await http.GetAsync("/practice");
        await http.SubmitAsync("main form", ("phone", "01632 960009"));
        await page.GetByLabel("Sign-off").FillAsync("The team");
        await page.ClickAsync("main form button");
        await page.ShouldShowAsync("Somebody else has changed these settings");
        await page.ShouldBeAccessible("practice: overtaken");
        await page.GetByLabel("Sender name").FillAsync("12");
        await page.ClickAsync("main form button");
        await page.ShouldBeAccessible("practice: errors");
        await page.GetByLabel("Sender name").FillAsync("Demo");
        await page.ClickAsync("main form button");
        await page.ShouldShowAsync("The settings are saved");
        await page.ShouldBeAccessible("practice: saved");

        await ChangeAsync<Practice>("demo", practice => practice.RequiresSecondFactor = true);
        await ChangeAsync<Clinician>((await App.ClinicianAsync(Scenario.AlicesEmail)).Id, alice => alice.Factors.AuthenticatorKey = Totp.NewKey());
        App.Time.Advance(TimeSpan.FromMinutes(5));
        await page.GotoAsync("/practice");
        await page.Locator("#requiresSecondFactor").UncheckAsync();
        await page.ClickAsync("main form button");
        await page.ShouldShowAsync("Enter your password to turn the second step off");
        await page.ShouldBeAccessible("practice: password needed");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_app_that_makes_codes(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/account/second-factor");
        await page.ShouldBeAccessible("second factor: none");
        await page.GotoAsync("/account/authenticator");
        await page.ShouldBeAccessible("app: plain");
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("000000");
        await page.ClickAsync("#set-up button");
        await page.ShouldBeAccessible("app: wrong code");
        var key = (await page.InnerTextAsync(".app-key")).Replace(" ", "");
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(App.CodeOf(key));
        await page.ClickAsync("#set-up button");
        await page.ShouldSayAsync("Recovery codes");
        await page.ShouldBeAccessible("recovery codes: shown");
        if (javaScript)
        {
            await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
            await page.ClickAsync("text=Copy the codes");
            await page.ShouldShowAsync("Copied");
            Assert.Equal(await page.InnerTextAsync(".app-codes"), await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        }
        await page.ClickAsync("text=I have kept them");
        await page.GotoAsync("/account/recovery-codes");
        await page.ShouldBeAccessible("recovery codes: left");
        await page.GotoAsync("/account/second-factor");
        await page.ShouldBeAccessible("second factor: app");
        await page.GotoAsync("/account/authenticator");
        await page.ShouldBeAccessible("app: on");
        App.Time.Advance(TimeSpan.FromMinutes(6));
        await page.ClickAsync("#off");
        await page.ShouldSayAsync("Confirm that it is you");
        await page.ShouldBeAccessible("confirm: plain");
        await page.ClickAsync("main form button");
        await page.ShouldBeAccessible("confirm: errors");

        var stranger = await Stranger(screen, javaScript);
        await stranger.GotoAsync("/sign-in");
        await stranger.SignInAsync();
        await stranger.ShouldSayAsync("Second step");
        await stranger.ShouldBeAccessible("second step: plain");
        for (var guess = 0; guess < 5; guess++)
        {
            await stranger.GetByLabel("Code", new() { Exact = true }).FillAsync("000000");
            await stranger.ClickAsync("main form button");
            await stranger.ShouldShowAsync("The code is not right");
        }
        await stranger.ShouldBeAccessible("second step: wrong code");
        await stranger.GetByLabel("Code", new() { Exact = true }).FillAsync(App.CodeOf(key));
        await stranger.ClickAsync("main form button");
        await stranger.ShouldShowAsync("Too many tries");
        await stranger.ShouldBeAccessible("second step: locked");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_practice_that_requires_a_second_step(string screen, bool javaScript)
    {
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.WriteAsync("Please do not lose me");
        await ChangeAsync<Practice>("demo", practice => practice.RequiresSecondFactor = true);
        await page.ClickAsync("#compose button");
        await page.ShouldSayAsync("Set up a second step first. Nothing was sent.");
        await page.ShouldBeAccessible("second factor first: with text");
        await page.GotoAsync("/patients");
        await page.ShouldShowAsync("Your practice requires a second step");
        await page.ShouldBeAccessible("second factor: required");
    }

    [Fact]
    public async Task A_passkey_is_added_used_renamed_and_removed()
    {
        // Browsers know passkeys by name, not by number.
        var address = new UriBuilder(App.Address) { Host = "localhost" }.Uri;
        var page = await Page(Screen.Desktop, address);
        await page.HasPasskeysAsync();
        await page.GotoAsync("/sign-in");
        await page.SignInAsync();
        await page.GotoAsync("/account/passkeys");
        await page.ShouldBeAccessible("passkeys: none");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ward computer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.ShouldSayAsync("Recovery codes");
        await page.ClickAsync("text=I have kept them");
        await page.ClickAsync("text=Sign out");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.ShouldBeAtAsync("/conversations$");

        await page.GotoAsync("/account/passkeys");
        await page.GetByLabel("New name of Ward computer").FillAsync("Desk");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await page.ShouldShowAsync("Your passkeys are saved");
        await page.ShouldShowAsync("Last used on");
        await page.ShouldBeAccessible("passkeys: one");

        await page.ClickAsync("text=Sign out");
        await page.SignInAsync();
        await page.ShouldSayAsync("Second step");
        await page.ShouldBeAccessible("second step: passkey");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.ShouldBeAtAsync("/conversations$");

        await ChangeAsync<Practice>("demo", practice => practice.RequiresSecondFactor = true);
        await page.GotoAsync("/account/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Desk" }).ClickAsync();
        await page.ShouldShowAsync("Add another one before you remove this one");
        await page.ShouldBeAccessible("passkeys: refused");
        await ChangeAsync<Practice>("demo", practice => practice.RequiresSecondFactor = false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Desk" }).ClickAsync();
        await page.ShouldShowAsync("Your passkeys are saved");
        Assert.False((await App.ClinicianAsync(Scenario.AlicesEmail)).Factors.Any);

        await page.ClickAsync("text=Sign out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.ShouldShowAsync("The passkey was not accepted");
        await page.ShouldBeAccessible("sign-in: passkey refused");
    }

    [Fact]
    public async Task Without_JavaScript_the_passkey_pages_say_what_else_there_is()
    {
        var (page, _) = await Alice(nameof(Screen.Phone), javaScript: false);
        await page.GotoAsync("/account/passkeys");
        await page.ShouldShowAsync("set up an app that makes codes");
        await page.ShouldBeAccessible("passkeys: without JavaScript");
    }
}
