using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>The whole job behind a load balancer, while the two copies behind it die (kill -9) at the worst moments.</summary>
public sealed class TwoCopiesTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Either_copy_dies_and_people_notice_nothing_but_a_click_to_be_repeated()
    {
        // A browser that repeats what it sent reads files from the disk again.
        var folder = Directory.CreateTempSubdirectory("patient-response-");
        await using var copies = await Copies.CreateAsync();
        await using var balancer = await LoadBalancer.StartAsync(copies.One, copies.Two);
        var settings = $"PublicUrl={balancer.Address}";
        await copies.StartAsync(settings);

        var alice = await Page(Screen.Desktop, balancer.Address);
        balancer.LoseAnswer(Scenario.TestPatient, copies.One, first: copies.IdleAsync);
        await WholeJobTests.WriteAsync(alice, javaScript: true);
        await RepeatsAsync(alice);
        await WholeJobTests.SentAsync(alice);
        Assert.False(copies.One.IsRunning);
        Assert.Single(copies.Two.Posted("sms", ""));
        await copies.One.StartAsync(settings: settings);

        var (pat, photo) = (await Page(Screen.Phone, balancer.Address), WholeJobTests.Photo("gps_DSCN0010.jpg"));
        await pat.GotoAsync(Scenario.LinkIn(copies.Two.Posted("sms", "")[0]));
        await pat.GiveDateOfBirthAsync();
        balancer.LoseAnswer(new Uri(pat.Url).AbsolutePath, copies.Two, first: copies.IdleAsync);
        await WholeJobTests.AnswerAsync(pat, photo, onDisk: folder.FullName);
        await RepeatsAsync(pat);
        await pat.ShouldSayAsync("Answer sent");
        Assert.False(copies.Two.IsRunning);

        var email = Assert.Single(copies.One.Posted("email", ""));
        await alice.GotoAsync(Regex.Match(email, @"https?://\S+/conversations/\w+").Value);
        await WholeJobTests.ReadAsync(alice, photo);
        Assert.Single(copies.One.Posted("sms", ""));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_passkey_that_one_copy_asks_for_is_added_and_used_at_the_other()
    {
        await using var copies = await Copies.CreateAsync();
        await using var balancer = await LoadBalancer.StartAsync(copies.One, copies.Two);
        balancer.Pin("/account/passkeys/options", copies.One);
        balancer.Pin("/account/passkeys", copies.Two);
        balancer.Pin("/sign-in/passkey/options", copies.Two);
        balancer.Pin("/sign-in/passkey", copies.One);
        await copies.StartAsync($"PublicUrl={balancer.Address}");

        var page = await Page(Screen.Desktop, balancer.Address);
        await page.HasPasskeysAsync();
        await page.GotoAsync("/sign-in");
        await page.SignInAsync();
        await page.ShouldSayAsync("Conversations");
        await page.GotoAsync("/account/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.ShouldSayAsync("Recovery codes");
        await page.ClickAsync("text=I have kept them");
        await page.ClickAsync("text=Sign out");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.ShouldBeAtAsync("/conversations$");
    }

    /// <summary>What a person does whose browser shows that nobody answered.</summary>
    internal static async Task RepeatsAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("body")).ToHaveTextAsync("Bad gateway");
        await page.ReloadAsync();
    }
}
