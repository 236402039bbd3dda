using System.Net;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Account;

public class ChangePasswordTests
{
    private const string Better = "three random words";

    [Fact]
    public async Task A_changed_password_keeps_this_session_and_ends_all_others()
    {
        await using var app = new TestApp();
        var (desk, ward) = (await app.AliceSignsInAsync(), await app.AliceSignsInAsync());
        await desk.GetAsync("/account/password");
        var page = await desk.SubmitAsync("main form", ("current", Scenario.Password), ("password", Better), ("again", Better));
        Assert.Equal("/account", page.Address.AbsolutePath);
        Assert.Contains("Your password is changed", page.Text, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await ward.GetAsync("/account")).Address.AbsolutePath);
        await app.SignInAsync(Scenario.AlicesEmail, Better);
        await ward.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Contains("The email address or password is not right", ward.Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_what_was_typed_letter_by_letter()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account/password");
        await alice.SubmitAsync("main form", ("current", Scenario.Password), ("password", "ran\u00ADdom\u001Ewords cafe\u0301"), ("again", "ran\u00ADdom\u001Ewords cafe\u0301"));
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        foreach (var other in (string[])["random\u001Ewords cafe\u0301", "ran\u00ADdom-words cafe\u0301", "ran\u00ADdom\u001Ewords caf\u00E9"])
        {
            await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", other));
            Assert.Contains("The email address or password is not right", browser.Page.Text, StringComparison.Ordinal);
        }
        await app.SignInAsync(Scenario.AlicesEmail, "ran\u00ADdom\u001Ewords cafe\u0301");
    }

    [Fact]
    public async Task A_wrong_current_password_changes_nothing_and_counts_as_a_try_to_sign_in()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account/password");
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            var page = await alice.SubmitAsync("main form", ("current", "wrong"), ("password", Better), ("again", Better));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
            Assert.Contains("The current password is not right", page.Html.QuerySelector("#current-error")!.TextContent, StringComparison.Ordinal);
        }
        var locked = await alice.SubmitAsync("main form", ("current", Scenario.Password), ("password", Better), ("again", Better));
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.Status);
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Contains("Too many tries", browser.Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_new_password_stands_beside_it()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account/password");
        var page = await alice.SubmitAsync("main form", ("current", ""), ("password", "short"), ("again", "other"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Enter your current password", page.Html.QuerySelector("#current-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("12 characters or more", page.Html.QuerySelector("#password-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("must be the same", page.Html.QuerySelector("#again-error")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("short", page.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "password: Enter a new password", "again: Type the new password again")]
    [InlineData("eleven-char", "eleven-char", "password: The new password must have 12 characters or more")]
    [InlineData("Dana@Example.nhs.uk", "Dana@Example.nhs.uk", "password: The new password must not be your email address")]
    [InlineData("aaaaaabbbbbb", "aaaaaabbbbbb", "password: The new password must have 4 different characters or more")]
    [InlineData("qwertyuiop12", "qwertyuiop12", "password: The new password must not be one that is often used: no row of keys, no common word with a number")]
    [InlineData("1Q2w3e4r5t6y", "1Q2w3e4r5t6y", "password: The new password must not be one that is often used: no row of keys, no common word with a number")]
    [InlineData("PatientResponse1", "PatientResponse1", "password: The new password must not be one that is often used: no row of keys, no common word with a number")]
    [InlineData("password-1234", "password-1234", "password: The new password must not be one that is often used: no row of keys, no common word with a number")]
    [InlineData("three random words", "three random words")]
    [InlineData("another-password-1", "another-password-1")]
    [InlineData("98q2xk51v7mb", "98q2xk51v7mb")]
    [InlineData("twelve-chars", "Twelve-chars", "again: The two passwords must be the same")]
    [InlineData("twelve-chars", "twelve-chars")]
    public void A_new_password_is_long_not_the_email_and_typed_twice(string password, string again, params string[] problems) =>
        Assert.Equal(problems, NewPassword.Problems("dana@example.nhs.uk", password, again).Select(problem => $"{problem.Field}: {problem.Message}"));
}
