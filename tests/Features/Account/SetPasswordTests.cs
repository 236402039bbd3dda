using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Account;

public class SetPasswordTests
{
    private const string Email = "new.person@example.nhs.uk";
    private const string Password = "three random words";

    [Fact]
    public async Task A_new_person_sets_a_password_with_the_link_and_signs_in()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        var page = await browser.GetAsync(await NewLinkAsync(app));
        Assert.Contains(Email, page.Text, StringComparison.Ordinal);
        page = await browser.SubmitAsync("main form", ("password", Password), ("again", Password));
        Assert.Equal("Password set", page.Heading);
        await app.SignInAsync(Email, Password);
    }

    [Theory]
    [InlineData(".")]
    [InlineData(")>")]
    [InlineData("%20")]
    [InlineData("%E2%80%9D")]
    public async Task The_link_opens_with_what_is_glued_to_it(string glue)
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        Assert.Equal("Set your password", (await browser.GetAsync(await NewLinkAsync(app) + glue)).Heading);
        Assert.Equal("Password set", (await browser.SubmitAsync("main form", ("password", Password), ("again", Password))).Heading);
    }

    [Fact]
    public async Task Opening_the_link_spends_nothing_setting_a_password_does()
    {
        await using var app = new TestApp();
        var link = await NewLinkAsync(app);
        for (var i = 0; i < 3; i++)
            Assert.Equal("Set your password", (await app.NewBrowser().GetAsync(link)).Heading);
        var (first, second) = (app.NewBrowser(), app.NewBrowser());
        await first.GetAsync(link);
        await second.GetAsync(link);
        await first.SubmitAsync("main form", ("password", Password), ("again", Password));
        var late = await second.SubmitAsync("main form", ("password", "somebody else's words"), ("again", "somebody else's words"));
        Assert.Equal(HttpStatusCode.Gone, late.Status);
        Assert.Contains("clinician add", late.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await second.GetAsync(link)).Status);
        Assert.Single(await app.AuditedAsync("set password by link"));
        await app.SignInAsync(Email, Password);
    }

    [Fact]
    public async Task The_link_lives_three_days_by_the_time_that_is_right()
    {
        await using var app = new TestApp();
        var link = await NewLinkAsync(app);
        app.Time.Advance(TimeSpan.FromDays(40));
        app.OtherClocks.DatabaseIsAhead = -TimeSpan.FromDays(40);
        app.OtherClocks.Record = new(app.Time.GetUtcNow() - TimeSpan.FromDays(40));
        await app.Services.GetRequiredService<Clocks>().CheckAsync(CancellationToken.None);
        app.Time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        Assert.Equal("Set your password", (await app.NewBrowser().GetAsync(link)).Heading);

        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Gone, (await app.NewBrowser().GetAsync(link)).Status);
    }

    [Fact]
    public async Task A_mistake_leaves_the_link_good()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync(await NewLinkAsync(app));
        var page = await browser.SubmitAsync("main form", ("password", Email), ("again", Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("must not be your email address", page.Html.QuerySelector("#password-error")!.TextContent, StringComparison.Ordinal);
        page = await browser.SubmitAsync("main form", ("password", Password), ("again", Password));
        Assert.Equal("Password set", page.Heading);
    }

    [Theory]
    [InlineData("/set-password")]
    [InlineData("/set-password?user=&token=")]
    [InlineData("/set-password?user=nobody&token=made-up")]
    public async Task A_link_that_is_none_says_how_to_get_one(string address)
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().GetAsync(address);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("clinician add", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_of_one_person_sets_no_password_of_another()
    {
        await using var app = new TestApp();
        var (mine, theirs) = (await NewLinkAsync(app), await NewLinkAsync(app, "other@example.nhs.uk"));
        var token = mine[mine.IndexOf("&token=", StringComparison.Ordinal)..];
        var user = theirs[..theirs.IndexOf("&token=", StringComparison.Ordinal)];
        Assert.Equal(HttpStatusCode.Gone, (await app.NewBrowser().GetAsync(user + token)).Status);
    }

    [Fact]
    public async Task A_password_that_was_set_ends_sessions_everywhere_and_forgives_wrong_tries()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var bob = await app.BobSignsInAsync();
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        for (var attempt = 0; attempt < 11; attempt++)
            await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", "wrong"));
        Assert.Contains("Too many tries", browser.Page.Text, StringComparison.Ordinal);

        // Alice uses the link at Bob's desk.
        await bob.GetAsync((await app.CommandAsync("clinician", "add", Scenario.AlicesEmail)).Output);
        await bob.SubmitAsync("main form", ("password", Password), ("again", Password));
        Assert.Equal("/sign-in", (await alice.GetAsync("/account")).Address.AbsolutePath);
        Assert.Equal("/sign-in", (await bob.GetAsync("/account")).Address.AbsolutePath);
        await app.SignInAsync(Scenario.AlicesEmail, Password);
    }

    private static async Task<string> NewLinkAsync(TestApp app, string email = Email)
    {
        var (exit, link, error) = await app.CommandAsync("clinician", "add", email, "--name", "New Person", "--practice", "demo");
        Assert.True(exit == 0, error);
        return link;
    }
}
