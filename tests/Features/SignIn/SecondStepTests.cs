using System.Net;
using Microsoft.AspNetCore.Authorization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SignIn;

/// <summary>Alice has an app that makes codes.</summary>
public sealed class SecondStepTests : IAsyncDisposable
{
    private static readonly Uri Root = new("http://localhost/");
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Password_and_code_lead_to_the_page_that_was_wanted()
    {
        var (key, _) = await AliceHasAnAppAsync();
        var browser = _app.NewBrowser();
        await browser.GetAsync("/account/password?from=here");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal("Second step", browser.Page.Heading);
        var wrong = await browser.SubmitAsync("main form", ("code", "000000"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("The code is not right", wrong.Html.QuerySelector("#code-error")!.TextContent, StringComparison.Ordinal);
        var page = await browser.SubmitAsync("main form", ("code", $" {_app.CodeOf(key)[..3]} {_app.CodeOf(key)[3..]} "));
        Assert.Equal("/account/password?from=here", page.Address.PathAndQuery);
    }

    [Fact]
    public async Task The_password_alone_opens_nothing()
    {
        await AliceHasAnAppAsync();
        var browser = await _app.GivesPasswordAsync();
        Assert.Null(browser.Cookies.GetCookies(Root)["staff"]);
        foreach (var route in Routes.Of(_app).Where(route => route.Metadata.GetMetadata<IAuthorizeData>() is not null && Routes.Allows(route, "GET")))
        {
            var response = await browser.SendAsync(new(HttpMethod.Get, new Uri(Root, Routes.Address(route))));
            Assert.True(response.StatusCode == HttpStatusCode.Found && response.Headers.Location!.OriginalString.StartsWith("/sign-in?", StringComparison.Ordinal), route.RoutePattern.RawText);
        }
    }

    [Fact]
    public async Task A_code_is_good_once_even_for_two_browsers_at_one_moment()
    {
        var (key, _) = await AliceHasAnAppAsync();
        var browsers = new List<TestBrowser>();
        for (var i = 0; i < 4; i++)
            browsers.Add(await _app.GivesPasswordAsync());
        var answers = await Task.WhenAll(browsers.Select(browser => browser.SendAsync(browser.Submission("main form", ("code", _app.CodeOf(key))))));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        var later = await _app.GivesPasswordAsync();
        Assert.Contains("it was used already", (await later.SubmitAsync("main form", ("code", _app.CodeOf(key)))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_that_set_the_app_up_does_not_sign_in()
    {
        var alice = await _app.AliceSignsInAsync();
        var before = _app.Time.GetUtcNow();
        var (key, _) = await _app.SetsUpAnAppAsync(alice);
        var browser = await _app.GivesPasswordAsync();
        var page = await browser.SubmitAsync("main form", ("code", Scenario.CodeAt(key, before)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
    }

    [Fact]
    public async Task After_five_guesses_the_right_code_is_refused_too_in_every_browser_and_after_the_password_again()
    {
        var (key, _) = await AliceHasAnAppAsync();
        var browser = await _app.GivesPasswordAsync();
        var guesses = Enumerable.Range(0, 50).Select(i => browser.Submission("main form", ("code", $"{i:D6}"))).ToList();
        await Task.WhenAll(guesses.Select(browser.SendAsync));
        Assert.Equal(5, (await _app.AuditedAsync("refused second step")).Count);
        var locked = await browser.SubmitAsync("main form", ("code", _app.CodeOf(key)));
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.Status);
        Assert.Contains("Too many tries", locked.Text, StringComparison.Ordinal);
        await _app.DoQueuedWorkAsync();
        Assert.Single(Warnings());

        // The next five come within the hour, those after them later.
        await GuessesAsync(TimeSpan.FromMinutes(16));
        Assert.Single(Warnings());
        await GuessesAsync(TimeSpan.FromMinutes(45));
        Assert.Equal(2, Warnings().Count);
        Assert.All(Warnings(), email =>
        {
            Assert.Equal(Scenario.AlicesEmail, email.To);
            Assert.DoesNotContain("Alice", email.Text + email.Subject, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("demo@", email.Text + email.Subject, StringComparison.OrdinalIgnoreCase);
        });

        async Task GuessesAsync(TimeSpan later)
        {
            _app.Time.Advance(later);
            var guesser = await _app.GivesPasswordAsync();
            for (var i = 0; i < 6; i++)
                await guesser.SendAsync(guesser.Submission("main form", ("code", "000000")));
            await _app.DoQueuedWorkAsync();
        }

        IReadOnlyList<PatientResponse.Infrastructure.Messaging.CapturedMessage> Warnings() =>
            [.. _app.SentEmails.Where(email => email.Subject == "Somebody may have your password for PatientResponse")];
        var other = await _app.GivesPasswordAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.SubmitAsync("main form", ("code", _app.CodeOf(key)))).Status);

        _app.Time.Advance(HalfSessions.Window);
        var later = await _app.GivesPasswordAsync();
        Assert.Equal("/conversations", (await later.SubmitAsync("main form", ("code", _app.CodeOf(key)))).Address.AbsolutePath);
    }

    [Fact]
    public async Task A_recovery_code_serves_once_however_it_is_typed_and_the_person_is_told()
    {
        var (_, codes) = await AliceHasAnAppAsync();
        Assert.Equal(10, codes.Distinct().Count());
        await _app.DoQueuedWorkAsync();
        var browser = await _app.GivesPasswordAsync();
        var page = await browser.SubmitAsync("main form", ("code", codes[3].Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant()));
        Assert.Equal("/conversations", page.Address.AbsolutePath);
        await _app.DoQueuedWorkAsync();
        Assert.Contains("recovery code", _app.SentEmails[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(codes[3], _app.SentEmails[0].Text, StringComparison.Ordinal);
        Assert.Contains("9 of 10 left", (await browser.GetAsync("/account/second-factor")).Text, StringComparison.Ordinal);
        var again = await _app.GivesPasswordAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.SubmitAsync("main form", ("code", codes[3]))).Status);
        Assert.Equal("/conversations", (await again.SubmitAsync("main form", ("code", codes[4]))).Address.AbsolutePath);
    }

    [Fact]
    public async Task The_half_session_is_over_after_five_minutes_after_use_and_when_the_password_changes()
    {
        var (key, codes) = await AliceHasAnAppAsync();
        var slow = await _app.GivesPasswordAsync();
        _app.Time.Advance(HalfSession.Lifetime);
        Assert.Equal("/sign-in", (await slow.SubmitAsync("main form", ("code", _app.CodeOf(key)))).Address.AbsolutePath);

        var browser = await _app.GivesPasswordAsync();
        var half = browser.Cookies.GetCookies(Root)["second-step"]!.Value;
        await browser.SubmitAsync("main form", ("code", _app.CodeOf(key)));
        Assert.NotEqual(half, browser.Cookies.GetCookies(Root)["staff"]!.Value);
        Assert.Equal(HttpStatusCode.SeeOther, await SecondStepWithAsync(half));

        var other = await _app.GivesPasswordAsync();
        half = other.Cookies.GetCookies(Root)["second-step"]!.Value;
        Assert.Equal(HttpStatusCode.OK, await SecondStepWithAsync(half));
        await _app.CommandAsync("clinician", "add", Scenario.AlicesEmail);
        Assert.Equal(HttpStatusCode.SeeOther, await SecondStepWithAsync(half));
        Assert.NotEmpty(codes);
    }

    [Fact]
    public async Task A_link_cannot_send_a_clinician_elsewhere_after_the_second_step()
    {
        var (key, _) = await AliceHasAnAppAsync();
        var browser = await _app.GivesPasswordAsync();
        await browser.GetAsync("/sign-in/second-step?returnUrl=%2F%5Cevil.example");
        Assert.Equal("/conversations", browser.Page.Html.QuerySelector("[name=returnUrl]")!.GetAttribute("value"));
        var posted = await browser.SendAsync(browser.Submission("main form", ("code", _app.CodeOf(key)), ("returnUrl", "https:evil.example")));
        Assert.Equal("/conversations", posted.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_passkey_answer_that_nobody_asked_for_is_refused()
    {
        var browser = _app.NewBrowser();
        await browser.GetAsync("/sign-in");
        var page = await browser.SubmitAsync("form[data-passkey]", ("credential", "{}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("The passkey was not accepted", page.Text, StringComparison.Ordinal);
    }

    private async Task<(string Key, string[] RecoveryCodes)> AliceHasAnAppAsync() => await _app.SetsUpAnAppAsync(await _app.AliceSignsInAsync());

    private async Task<HttpStatusCode> SecondStepWithAsync(string cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Root, "/sign-in/second-step"));
        request.Headers.Add("Cookie", "second-step=" + cookie);
        return (await _app.NewBrowser().SendAsync(request)).StatusCode;
    }
}
