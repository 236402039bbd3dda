using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class InstallationRulesTests
{
    [Fact]
    public async Task Where_the_installation_requires_a_second_factor_no_practice_can_do_without()
    {
        await using var app = new TestApp { Settings = { ["SignIn:RequireSecondFactor"] = "true" } };
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal("/account/second-factor", (await alice.GetAsync("/patients")).Address.AbsolutePath);

        await app.SetsUpAnAppAsync(alice);

        Assert.Equal("/practice", (await alice.GetAsync("/practice")).Address.AbsolutePath);
        Assert.Contains("This installation always requires it, whatever you choose here", alice.Page.Text, StringComparison.Ordinal);
        await alice.GetAsync("/account/authenticator");
        Assert.Contains("requires a second step", (await alice.SubmitAsync("form[action$='/off']")).Text, StringComparison.Ordinal);
        Assert.NotNull((await app.ClinicianAsync(Scenario.AlicesEmail)).Factors.AuthenticatorKey);
    }
}
