using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ForgottenPassword;

public sealed partial class ForgottenPasswordTests : IAsyncDisposable
{
    private const string Subject = "Set a new password for PatientResponse";
    private const string Password = "three random words";
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Alice_forgot_her_password_and_sets_another_with_a_link_from_her_mailbox()
    {
        var elsewhere = await _app.AliceSignsInAsync();
        var browser = _app.NewBrowser();
        var page = await browser.GetAsync("/sign-in");
        await browser.GetAsync(page.Html.QuerySelector("main a[href='/forgotten-password']")!.GetAttribute("href")!);
        page = await browser.SubmitAsync("main form", ("email", "  " + Scenario.AlicesEmail.ToUpperInvariant()));
        Assert.Equal("Check your email", page.Heading);
        var email = Assert.Single(await EmailsAsync());
        Assert.Equal(Scenario.AlicesEmail, email.To);
        // Asking changed nothing: whoever asked may have been a stranger.
        Assert.Equal("/account", (await elsewhere.GetAsync("/account")).Address.AbsolutePath);
        await _app.SignInAsync(Scenario.AlicesEmail, Scenario.Password);

        // What looks into mail opens the link, too, and spends nothing.
        var link = LinkIn(email.Text);
        await _app.NewBrowser().GetAsync(link);
        await browser.GetAsync(link);
        page = await browser.SubmitAsync("main form", ("password", Password), ("again", Password));
        Assert.Equal("Password set", page.Heading);
        await _app.SignInAsync(Scenario.AlicesEmail, Password);
        Assert.Equal("/sign-in", (await elsewhere.GetAsync("/account")).Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);

        await _app.DoQueuedWorkAsync();
        Assert.Contains("A new password was set for your account", _app.SentEmails[0].Text, StringComparison.Ordinal);
        Assert.Single(await _app.AuditedAsync("was emailed a link to set a password"));
        Assert.Single(await _app.AuditedAsync("set password by link"));
    }

    [Fact]
    public async Task The_link_works_for_an_hour_and_no_other_link_of_before_works_once_it_was_used()
    {
        await AsksAsync(Scenario.AlicesEmail);
        await AsksAsync(Scenario.AlicesEmail);
        var links = (await EmailsAsync()).Select(email => LinkIn(email.Text)).ToList();
        _app.Time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        Assert.All(await Task.WhenAll(links.Select(link => _app.NewBrowser().GetAsync(link))), page => Assert.Equal("Set your password", page.Heading));

        await _app.NewBrowser().SetsAsync(links[1], Password);
        Assert.Equal(HttpStatusCode.Gone, (await _app.NewBrowser().GetAsync(links[0])).Status);

        await AsksAsync(Scenario.AlicesEmail);
        var late = LinkIn((await EmailsAsync())[0].Text);
        _app.Time.Advance(TimeSpan.FromMinutes(60));
        var page = await _app.NewBrowser().GetAsync(late);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.NotNull(page.Html.QuerySelector("main a[href='/forgotten-password']"));

        // An operator's link has its three days all the same.
        var given = (await _app.CommandAsync("clinician", "add", Scenario.AlicesEmail)).Output;
        _app.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("Set your password", (await _app.NewBrowser().GetAsync(given)).Heading);
    }

    [Fact]
    public async Task Nobody_learns_who_has_an_account()
    {
        await _app.WithAsync<UserManager<Clinician>, IdentityResult>(people =>
            people.CreateAsync(new Clinician { Email = "left@example.nhs.uk", Name = "Left", PracticeId = "demo", Disabled = true }, Scenario.Password));
        var answers = new List<string>();
        foreach (var email in new[] { Scenario.BobsEmail, "nobody@example.nhs.uk", "left@example.nhs.uk" })
        {
            var queued = await QueuedAsync(_app);
            var page = await AsksAsync(email);
            answers.Add($"{page.Status} {page.Address} {page.Source}");
            // The same work, too.
            Assert.Equal(queued + 1, await QueuedAsync(_app));
        }
        Assert.Single(answers.Distinct());
        Assert.Equal(Scenario.BobsEmail, Assert.Single(await EmailsAsync()).To);
    }

    [Fact]
    public async Task A_second_step_is_still_asked_for()
    {
        var alice = await _app.AliceSignsInAsync();
        await _app.SetsUpAnAppAsync(alice);
        await AsksAsync(Scenario.AlicesEmail);
        var browser = _app.NewBrowser();
        await browser.SetsAsync(LinkIn(Assert.Single(await EmailsAsync()).Text), Password);
        await browser.GetAsync("/sign-in");
        var page = await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Password));
        Assert.Equal("/sign-in/second-step", page.Address.AbsolutePath);
        Assert.Equal("/sign-in", (await browser.GetAsync("/conversations")).Address.AbsolutePath);
    }

    /// <summary>An operator gives those links to somebody they know; the mailbox alone must not do.</summary>
    [Fact]
    public async Task Who_has_no_password_or_was_reset_gets_no_link_by_email()
    {
        await _app.CommandAsync("clinician", "add", "new.person@example.nhs.uk", "--name", "New Person", "--practice", "demo");
        await _app.CommandAsync("clinician", "reset", Scenario.AlicesEmail);
        await AsksAsync("new.person@example.nhs.uk");
        await AsksAsync(Scenario.AlicesEmail);
        var emails = await EmailsAsync();
        Assert.Equal(2, emails.Count);
        Assert.All(emails, email => Assert.DoesNotContain("http", email.Text, StringComparison.Ordinal));
        Assert.All(emails, email => Assert.Contains("Ask your practice's administrator", email.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mailbox_gets_three_in_an_hour_and_the_page_says_the_same_each_time()
    {
        var pages = new List<string>();
        for (var i = 0; i < 5; i++)
            pages.Add((await AsksAsync(i % 2 == 0 ? Scenario.AlicesEmail : Scenario.AlicesEmail.ToUpperInvariant())).Source);
        Assert.Single(pages.Distinct());
        Assert.Equal(3, (await EmailsAsync()).Count);
        _app.Time.Advance(TimeSpan.FromMinutes(61));
        await AsksAsync(Scenario.AlicesEmail);
        Assert.Equal(4, (await EmailsAsync()).Count);
    }

    [Fact]
    public async Task One_network_asks_sixty_times_in_an_hour_and_then_reads_what_helps()
    {
        for (var i = 0; i < 60; i++)
            Assert.Equal("Check your email", (await AsksAsync($"somebody{i}@example.nhs.uk")).Heading);
        var page = await AsksAsync(Scenario.AlicesEmail);
        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains("ask your practice’s administrator", page.Html.QuerySelector("#email-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Scenario.AlicesEmail, page.Html.QuerySelector("#email")!.GetAttribute("value"));
        Assert.Empty(await EmailsAsync());
    }

    [Theory]
    [InlineData("", "Enter your email address")]
    [InlineData("alice", "Enter your whole email address, with the @")]
    public async Task A_mistake_is_told_beside_the_field_and_kept(string typed, string problem)
    {
        var page = await AsksAsync(typed);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains(problem, page.Html.QuerySelector("#email-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(typed, page.Html.QuerySelector("#email")!.GetAttribute("value"));
    }

    [Fact]
    public async Task After_an_outage_of_the_relay_nobody_gets_a_link_that_nobody_waits_for()
    {
        var relay = new AwayRelay();
        await using var app = new TestApp { Replace = services => services.Replace(ServiceDescriptor.Singleton<IEmailSender>(relay)) };
        await AsksAsync(app, Scenario.AlicesEmail);
        await app.DoQueuedWorkAsync();
        Assert.Equal(1, relay.Asked);
        app.Time.Advance(TimeSpan.FromHours(2));
        await app.DoQueuedWorkAsync();
        Assert.Equal(1, relay.Asked);
        Assert.Equal(0, await QueuedAsync(app));
    }

    private Task<TestPage> AsksAsync(string email) => AsksAsync(_app, email);

    private static async Task<TestPage> AsksAsync(TestApp app, string email)
    {
        var browser = app.NewBrowser();
        await browser.GetAsync("/forgotten-password");
        return await browser.SubmitAsync("main form", ("email", email));
    }

    private async Task<IReadOnlyList<CapturedMessage>> EmailsAsync()
    {
        await _app.DoQueuedWorkAsync();
        return [.. _app.SentEmails.Where(email => email.Subject == Subject)];
    }

    private static Task<long> QueuedAsync(TestApp app) => app.WithAsync<IDatabase, long>(database => database.CountAsync($"{QueuedWork.Waiting} where message_type like '%PasswordForgotten'"));

    private static string LinkIn(string text) => new Uri(Link().Match(text).Value).PathAndQuery;

    [GeneratedRegex(@"https?://\S+/set-password\?\S+")]
    private static partial Regex Link();

    private sealed class AwayRelay : IEmailSender
    {
        public int Asked { get; private set; }

        public Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
        {
            Asked++;
            throw new DelayedException("The mail relay answered 421") { By = EmailDelay.Everybodys };
        }
    }
}

file static class Setting
{
    public static async Task SetsAsync(this TestBrowser browser, string link, string password)
    {
        await browser.GetAsync(link);
        var page = await browser.SubmitAsync("main form", ("password", password), ("again", password));
        Assert.Equal("Password set", page.Heading);
    }
}
