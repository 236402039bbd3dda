using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ResetClinician;

public class ResetClinicianTests
{
    private const string Better = "three random words";

    [Fact]
    public async Task Who_lost_everything_sets_a_new_password_and_nothing_of_before_works()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var (_, codes) = await app.SetsUpAnAppAsync(alice);
        var half = await app.GivesPasswordAsync();
        for (var guess = 0; guess < 6; guess++)
            await half.SubmitAsync("main form", ("code", "000000"));

        var (exit, link, error) = await app.CommandAsync("clinician", "reset", " Demo@Example.nhs.uk");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal("/sign-in", (await alice.GetAsync("/account")).Address.AbsolutePath);
        Assert.Equal("/sign-in", (await half.SubmitAsync("main form", ("code", codes[0]))).Address.AbsolutePath);
        await half.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Contains("The email address or password is not right", half.Page.Text, StringComparison.Ordinal);

        var browser = app.NewBrowser();
        await browser.GetAsync(link);
        await browser.SubmitAsync("main form", ("password", Better), ("again", Better));
        Assert.Equal("/conversations", (await app.SignInAsync(Scenario.AlicesEmail, Better)).Page.Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        Assert.Equal("Reset", (await app.AuditedAsync("changed second factor"))[^1]);
        await app.DoQueuedWorkAsync();
        Assert.Single(app.SentEmails, email => email.Text.Contains("Your administrator has reset how you sign in", StringComparison.Ordinal));
        Assert.All(app.SentEmails, email => Assert.DoesNotContain("set-password", email.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_person_is_refused_on_the_error_stream()
    {
        await using var app = new TestApp();
        var (exit, output, error) = await app.CommandAsync("clinician", "reset", "nobody@example.nhs.uk");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("There is nobody", error, StringComparison.Ordinal);
        Assert.Equal(0, (await app.CommandAsync("clinician", "reset", "--help")).Exit);
        Assert.Equal(1, (await app.CommandAsync("clinician", "reset")).Exit);
    }
}
