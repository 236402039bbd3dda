using System.Net;
using System.Text.Json;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SecondFactor;

public sealed class SecondFactorTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_app_is_on_only_after_it_has_shown_that_it_has_the_key()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/account/authenticator");
        var key = alice.Page.Html.QuerySelector(".app-key")!.TextContent;
        var page = await alice.SubmitAsync("#set-up", ("code", "000000"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Equal(key, page.Html.QuerySelector(".app-key")!.TextContent);
        Assert.False((await _app.ClinicianAsync(Scenario.AlicesEmail)).Factors.Any);
        await _app.AliceSignsInAsync();

        page = await alice.SubmitAsync("#set-up", ("code", _app.CodeOf(key.Replace(" ", "", StringComparison.Ordinal))));
        Assert.Equal("Recovery codes", page.Heading);
        Assert.True((await _app.ClinicianAsync(Scenario.AlicesEmail)).Factors.Any);
    }

    [Fact]
    public async Task The_key_of_one_person_is_no_key_of_another()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        await alice.GetAsync("/account/authenticator");
        var (key, sealedKey) = (alice.Page.Html.QuerySelector(".app-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal), alice.Page.Html.QuerySelector("[name=key]")!.GetAttribute("value")!);
        await bob.GetAsync("/account/authenticator");
        await bob.SubmitAsync("#set-up", ("key", sealedKey), ("code", _app.CodeOf(key)));
        Assert.False((await _app.ClinicianAsync(Scenario.BobsEmail)).Factors.Any);
    }

    [Fact]
    public async Task A_change_ends_other_sessions_and_is_emailed_and_on_record_without_secrets()
    {
        var (desk, ward) = (await _app.AliceSignsInAsync(), await _app.AliceSignsInAsync());
        var (key, codes) = await _app.SetsUpAnAppAsync(desk);
        Assert.Equal("/sign-in", (await ward.GetAsync("/account")).Address.AbsolutePath);
        Assert.Equal("/account", (await desk.GetAsync("/account")).Address.AbsolutePath);
        await desk.GetAsync("/account/recovery-codes");
        var fresh = (await desk.SubmitAsync("main form")).Html.QuerySelector(".app-codes")!.TextContent;
        Assert.DoesNotContain(codes[0], fresh, StringComparison.Ordinal);
        await desk.SubmitAsync("form[action$='/kept']");
        await desk.GetAsync("/account/authenticator");
        await desk.SubmitAsync("main form");
        Assert.Contains("Your app is removed", desk.Page.Text, StringComparison.Ordinal);
        await _app.DoQueuedWorkAsync();
        Assert.Equal(["AuthenticatorOn", "NewRecoveryCodes", "AuthenticatorOff"], await _app.AuditedAsync("changed second factor"));
        Assert.Equal(3, _app.SentEmails.Count);
        Assert.All(_app.SentEmails, email => Assert.True(email.To == Scenario.AlicesEmail && !email.Text.Contains(key, StringComparison.Ordinal) && codes.All(code => !email.Text.Contains(code, StringComparison.Ordinal))));
        Assert.Equal("/conversations", (await _app.AliceSignsInAsync()).Page.Address.AbsolutePath);
    }

    [Fact]
    public async Task Codes_are_kept_as_hashes_only()
    {
        var (_, codes) = await _app.SetsUpAnAppAsync(await _app.AliceSignsInAsync());
        var kept = (await _app.ClinicianAsync(Scenario.AlicesEmail)).Factors.RecoveryCodes;
        Assert.Equal(10, kept.Count);
        Assert.Empty(kept.Intersect(codes.SelectMany(code => new[] { code, code.Replace("-", "", StringComparison.Ordinal) })));
    }

    [Theory]
    [InlineData("/account/authenticator")]
    [InlineData("/account/passkeys")]
    [InlineData("/account/recovery-codes")]
    public async Task Five_minutes_after_sign_in_a_change_needs_the_password_again(string address)
    {
        var alice = await _app.AliceSignsInAsync();
        await _app.SetsUpAnAppAsync(alice);
        Assert.Equal(address, (await alice.GetAsync(address)).Address.AbsolutePath);
        _app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Confirm that it is you", (await alice.GetAsync(address)).Heading);
        var wrong = await alice.SubmitAsync("main form", ("current", "wrong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(address, (await alice.SubmitAsync("main form", ("current", Scenario.Password))).Address.AbsolutePath);
    }

    [Fact]
    public async Task A_form_that_was_open_too_long_asks_for_the_password_and_changes_nothing()
    {
        var alice = await _app.AliceSignsInAsync();
        await _app.SetsUpAnAppAsync(alice);
        await alice.GetAsync("/account/authenticator");
        _app.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("/account/confirm?returnUrl=%2Faccount%2Fauthenticator", (await alice.SubmitAsync("main form")).Address.PathAndQuery);
        Assert.True((await _app.ClinicianAsync(Scenario.AlicesEmail)).Factors.Any);
    }

    [Fact]
    public async Task Where_the_practice_requires_it_whoever_has_none_sets_one_up_before_anything_else()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        await bob.GetAsync(Scenario.TestPatient);
        await alice.GetAsync("/practice");
        await alice.SubmitAsync("main form", ("requiresSecondFactor", "true"));
        Assert.Equal("/account/second-factor", alice.Page.Address.AbsolutePath);

        var page = await bob.SubmitAsync("#compose", ("text", "Please do not lose me"));
        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("Please do not lose me", page.Text, StringComparison.Ordinal);
        foreach (var address in new[] { "/conversations", "/patients", "/account", "/account/password", "/practice", "/patients/nothing", "/account/recovery-codes" })
            Assert.Equal("/account/second-factor", (await bob.GetAsync(address)).Address.AbsolutePath);
        bob = await _app.BobSignsInAsync();
        Assert.Contains("Your practice requires a second step", bob.Page.Text, StringComparison.Ordinal);
        await _app.SetsUpAnAppAsync(bob);
        Assert.Equal("/conversations", (await bob.GetAsync("/conversations")).Address.AbsolutePath);

        await bob.GetAsync("/account/authenticator");
        var kept = await bob.SubmitAsync("main form");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, kept.Status);
        Assert.Contains("Add another one before you remove this one", kept.Text, StringComparison.Ordinal);
        Assert.True((await _app.ClinicianAsync(Scenario.BobsEmail)).Factors.Any);
    }

    [Fact]
    public async Task Bob_can_sign_out_although_he_has_not_set_up_what_his_practice_requires()
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        await alice.GetAsync("/practice");
        await alice.SubmitAsync("main form", ("requiresSecondFactor", "true"));
        await bob.GetAsync("/conversations");
        Assert.Equal("/sign-in", (await bob.SubmitAsync("form[action='/sign-out']")).Address.AbsolutePath);
        Assert.Equal("/sign-in", (await bob.GetAsync("/account/second-factor")).Address.AbsolutePath);
    }

    [Theory]
    [InlineData("/account/authenticator", "#set-up", true)]
    [InlineData("/account/authenticator", "form[action$='/off']", false)]
    [InlineData("/account/passkeys", "form[action$='/remove']", false)]
    [InlineData("/account/recovery-codes", "main form", false)]
    public async Task Whoever_is_signed_out_while_a_request_is_on_its_way_changes_nothing_with_it(string address, string form, bool isCode)
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use };
        var thief = await app.AliceSignsInAsync();
        await ChangeAliceAsync(app, alice => (alice.Factors.AuthenticatorKey, alice.Factors.Passkeys) = (Totp.NewKey(), [Key(1), Key(2)]));
        await thief.GetAsync(address);
        var late = isCode
            ? thief.Submission(form, ("code", app.CodeOf(thief.Page.Html.QuerySelector(".app-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal))))
            : thief.Submission(form);
        held.HoldNext(statement => statement.Parameters.Values.Contains("changed second factor"));
        var answer = thief.SendAsync(late);
        await held.Reached;
        await ChangeAliceAsync(app, alice => alice.SecurityStamp = "another");
        var before = JsonSerializer.Serialize((await app.ClinicianAsync(Scenario.AlicesEmail)).Factors);
        held.Release();

        Assert.Contains("You were signed out", await (await answer).Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, JsonSerializer.Serialize((await app.ClinicianAsync(Scenario.AlicesEmail)).Factors));
        Assert.Equal("/sign-in", (await thief.GetAsync("/conversations")).Address.AbsolutePath);
    }

    [Theory]
    [InlineData("/account/authenticator", "#set-up")]
    [InlineData("/account/recovery-codes", "main form")]
    public async Task A_double_click_does_not_lose_the_recovery_codes(string address, string form)
    {
        var alice = await _app.AliceSignsInAsync();
        if (form != "#set-up")
            await _app.SetsUpAnAppAsync(alice);
        var page = await alice.GetAsync(address);
        var key = page.Html.QuerySelector(".app-key")?.TextContent.Replace(" ", "", StringComparison.Ordinal);
        var fields = key is null ? Array.Empty<(string, string)>() : [("code", _app.CodeOf(key))];
        var (first, second) = (alice.Submission(form, fields), alice.Submission(form, fields));
        var lost = new TestBrowser(new(), _app.Server.CreateHandler());
        foreach (System.Net.Cookie cookie in alice.Cookies.GetAllCookies())
            lost.Cookies.Add(cookie);
        Assert.Equal(HttpStatusCode.SeeOther, (await lost.SendAsync(first)).StatusCode);

        Assert.Contains("signed out", (await alice.OpenAsync(second)).Text, StringComparison.OrdinalIgnoreCase);
        await alice.GetAsync("/account/authenticator");
        Assert.Equal("/sign-in", alice.Page.Address.AbsolutePath);
        var again = await lost.GetAsync("/account/passkeys");
        Assert.Equal(("/account/recovery-codes", 10), (again.Address.AbsolutePath, again.Html.QuerySelector(".app-codes")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        await lost.SubmitAsync("form[action$='/kept']");
        Assert.Null((await lost.GetAsync("/account/recovery-codes")).Html.QuerySelector(".app-codes"));
    }

    [Fact]
    public async Task Recovery_codes_that_nobody_kept_are_shown_for_15_minutes_and_stored_nowhere_in_clear()
    {
        var alice = await _app.AliceSignsInAsync();
        await _app.SetsUpAnAppAsync(alice);
        await alice.GetAsync("/account/recovery-codes");
        var codes = (await alice.SubmitAsync("main form")).Html.QuerySelector(".app-codes")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(codes[0], (await alice.GetAsync("/account/recovery-codes")).Text, StringComparison.Ordinal);
        var stored = string.Concat((await _app.BesideAsync(StoredBytes.OfAsync)).Parts.Select(System.Text.Encoding.Latin1.GetString));
        Assert.Contains(nameof(StaffSession), stored, StringComparison.Ordinal);
        Assert.All(codes, code => Assert.DoesNotContain(code, stored, StringComparison.OrdinalIgnoreCase));
        _app.Time.Advance(TimeSpan.FromMinutes(15));
        await alice.GetAsync("/account/recovery-codes");
        await alice.SubmitAsync("main form", ("current", Scenario.Password));
        Assert.Contains("You have 10 of 10 codes left", alice.Page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(codes[0], alice.Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_twenty_first_passkey_is_refused()
    {
        var alice = await _app.AliceSignsInAsync();
        await ChangeAliceAsync(_app, alice => alice.Factors.Passkeys = [.. Enumerable.Range(1, 20).Select(i => Key((byte)i))]);
        await alice.GetAsync("/account/passkeys");
        var page = await alice.SubmitAsync("form[action='/account/passkeys']");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("You have 20 passkeys already", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_that_is_renamed_is_on_record()
    {
        var alice = await _app.AliceSignsInAsync();
        await ChangeAliceAsync(_app, alice => alice.Factors.Passkeys = [Key(1)]);
        await alice.GetAsync("/account/passkeys");
        await alice.SubmitAsync("form[action$='/rename']", ("name", "Work phone"));
        Assert.Equal("Work phone", Assert.Single((await _app.ClinicianAsync(Scenario.AlicesEmail)).Factors.Passkeys).Name);
        Assert.Equal(["PasskeyRenamed"], await _app.AuditedAsync("changed second factor"));
    }

    private static Passkey Key(byte id) => new([id], [], $"Phone {id}", default, null, 0, [], false, false);

    private static Task<bool> ChangeAliceAsync(TestApp app, Action<Clinician> change) => app.WithAsync<IDocumentSession, bool>(async documents =>
    {
        var alice = (await documents.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail)))!;
        change(alice);
        documents.Store(alice);
        await documents.SaveChangesAsync();
        return true;
    });

    [Fact]
    public async Task The_offer_after_sign_in_can_be_put_off_and_ends_with_a_second_step()
    {
        var alice = await _app.AliceSignsInAsync();
        Assert.NotNull(alice.Page.Html.QuerySelector(".app-offer"));
        Assert.Null((await alice.GetAsync("/patients")).Html.QuerySelector(".app-offer"));
        await alice.GetAsync("/conversations");
        Assert.Null((await alice.SubmitAsync(".app-offer form")).Html.QuerySelector(".app-offer"));
        _app.Time.Advance(TimeSpan.FromDays(30));
        alice = await _app.AliceSignsInAsync();
        Assert.NotNull(alice.Page.Html.QuerySelector(".app-offer"));
        await _app.SetsUpAnAppAsync(alice);
        Assert.Null((await alice.GetAsync("/conversations")).Html.QuerySelector(".app-offer"));
    }
}
