using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.EnableClinician;

public class EnableClinicianTests
{
    [Fact]
    public async Task Alice_comes_back_with_her_password_and_without_her_old_session_or_what_Bob_has_taken_over()
    {
        await using var app = new TestApp();
        var old = await app.AliceSignsInAsync();
        var id = await old.AsksAsync(app, "How is your knee?");
        await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail);
        var refused = app.NewBrowser();
        await refused.GetAsync("/sign-in");
        await refused.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal("/sign-in", refused.Page.Address.AbsolutePath);

        Assert.Equal((0, $"enabled\t{Scenario.AlicesEmail}", ""), await app.CommandAsync("clinician", "enable", " Demo@Example.nhs.uk"));
        Assert.Equal(0, (await app.CommandAsync("clinician", "enable", Scenario.AlicesEmail)).Exit);

        Assert.Equal("/sign-in", (await old.GetAsync("/conversations")).Address.AbsolutePath);
        var alice = await app.AliceSignsInAsync();
        Assert.Equal("/conversations", alice.Page.Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/conversations/{id:N}")).Status);
        Assert.Single(await app.AuditedAsync("enabled clinician"));
    }

    [Fact]
    public async Task An_unknown_person_is_refused_on_the_error_stream()
    {
        await using var app = new TestApp();
        var (exit, output, error) = await app.CommandAsync("clinician", "enable", "nobody@example.nhs.uk");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("There is nobody", error, StringComparison.Ordinal);
        Assert.Equal(0, (await app.CommandAsync("clinician", "enable", "--help")).Exit);
    }
}
