using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SecondFactor;

/// <summary>Passkeys that are added while something else happens to the account. Every device's answer is believed here.</summary>
public class PasskeyRaceTests
{
    private const string Add = "form[action='/account/passkeys']";

    [Fact]
    public async Task Of_two_that_are_added_at_once_one_is_on_and_the_other_desk_signs_in_again()
    {
        var held = new HeldSave();
        await using var app = AppWith(held);
        var (desk, ward) = (await BeginsAsync(app), await BeginsAsync(app));
        held.HoldNext(statement => statement.Parameters.Values.Contains("PasskeyAdded"));
        var late = desk.SendAsync(desk.Submission(Add, ("name", "Desk")));
        await held.Reached;
        await ward.SubmitAsync(Add, ("name", "Ward"));
        Assert.Equal("Recovery codes", ward.Page.Heading);
        held.Release();
        await late;

        Assert.Equal(["Ward"], (await app.ClinicianAsync(Scenario.AlicesEmail)).Factors.Passkeys.Select(passkey => passkey.Name));
        Assert.Equal("/sign-in", (await desk.GetAsync("/account/passkeys")).Address.AbsolutePath);
        Assert.NotNull((await ward.GetAsync("/account/recovery-codes")).Html.QuerySelector(".app-codes"));
    }

    [Fact]
    public async Task One_that_is_being_added_while_the_operator_resets_the_account_is_not_added()
    {
        var held = new HeldSave();
        await using var app = AppWith(held);
        var thief = await BeginsAsync(app);
        held.HoldNext(statement => statement.Parameters.Values.Contains("PasskeyAdded"));
        var late = thief.SendAsync(thief.Submission(Add, ("name", "Mine")));
        await held.Reached;
        Assert.Equal(0, (await app.CommandAsync("clinician", "reset", Scenario.AlicesEmail)).Exit);
        held.Release();
        await late;

        Assert.False((await app.ClinicianAsync(Scenario.AlicesEmail)).Factors.Any);
        Assert.Equal("/sign-in", (await thief.GetAsync("/account/passkeys")).Address.AbsolutePath);
    }

    private static TestApp AppWith(HeldSave held) => new()
    {
        Replace = services =>
        {
            held.Use(services);
            services.Replace(ServiceDescriptor.Scoped<IPasskeyHandler<Clinician>, AnyDevice>());
        },
    };

    /// <summary>Alice on the page to add a passkey, whose device has been asked for one.</summary>
    private static async Task<TestBrowser> BeginsAsync(TestApp app)
    {
        var browser = await app.AliceSignsInAsync();
        await browser.GetAsync("/account/passkeys");
        var options = browser.Submission(Add);
        options.RequestUri = new("http://localhost/account/passkeys/options");
        (await browser.SendAsync(options)).EnsureSuccessStatusCode();
        return browser;
    }

    private sealed class AnyDevice : IPasskeyHandler<Clinician>
    {
        public Task<PasskeyCreationOptionsResult> MakeCreationOptionsAsync(PasskeyUserEntity userEntity, HttpContext httpContext) =>
            Task.FromResult(new PasskeyCreationOptionsResult { CreationOptionsJson = "{}", AttestationState = "{}" });

        public Task<PasskeyAttestationResult> PerformAttestationAsync(PasskeyAttestationContext context) => Task.FromResult(PasskeyAttestationResult.Success(
            new UserPasskeyInfo(Guid.NewGuid().ToByteArray(), [], default, 0, [], isUserVerified: true, isBackupEligible: false, isBackedUp: false, [], []),
            new PasskeyUserEntity { Id = "", Name = "", DisplayName = "" }));

        public Task<PasskeyRequestOptionsResult> MakeRequestOptionsAsync(Clinician? user, HttpContext httpContext) => throw new NotSupportedException();

        public Task<PasskeyAssertionResult<Clinician>> PerformAssertionAsync(PasskeyAssertionContext context) => throw new NotSupportedException();
    }
}
