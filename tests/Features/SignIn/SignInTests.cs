using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SignIn;

public class SignInTests
{
    [Fact]
    public async Task A_clinician_signs_in_and_lands_on_the_page_they_wanted_even_after_a_wrong_password()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/account/password?from=here");
        Assert.Equal("/sign-in", browser.Page.Address.AbsolutePath);
        var wrong = await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("The email address or password is not right", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(Scenario.AlicesEmail, wrong.Html.QuerySelector("#email")!.GetAttribute("value"));
        Assert.Null(wrong.Html.QuerySelector("#password")!.GetAttribute("value"));
        var page = await browser.SubmitAsync("main form", ("email", " Demo@Example.NHS.uk "), ("password", Scenario.Password));
        Assert.Equal("/account/password?from=here", page.Address.PathAndQuery);
        Assert.Equal("Change your password", page.Heading);
    }

    [Fact]
    public async Task What_is_missing_is_named_beside_its_field()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        var page = await browser.SubmitAsync("main form", ("email", " "), ("password", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Enter your email address", page.Html.QuerySelector("#email-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Enter your password", page.Html.QuerySelector("#password-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_cannot_send_a_clinician_elsewhere_after_sign_in()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in?returnUrl=%2F%5Cevil.example");
        var posted = browser.Submission("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password), ("returnUrl", "//evil.example"));
        Assert.Equal("/conversations", (await browser.SendAsync(posted)).Headers.Location!.OriginalString);
        var signedIn = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://localhost/sign-in?returnUrl=https:evil.example"));
        Assert.Equal("/conversations", signedIn.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Someone_who_is_signed_in_is_not_asked_again()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        Assert.Equal("/account", (await alice.GetAsync("/sign-in?returnUrl=/account")).Address.AbsolutePath);
    }

    [Fact]
    public async Task Of_fifty_wrong_passwords_at_once_ten_are_checked_and_then_the_right_one_is_refused_unread()
    {
        var hasher = new CountingHasher();
        await using var app = AppWith(hasher);
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await GuessAsync(browser, Scenario.AlicesEmail, 50);
        Assert.InRange(hasher.Count, 1, 10);

        var before = hasher.Count;
        var page = await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains("Too many tries. Wait 15 minutes", page.Text, StringComparison.Ordinal);
        Assert.Equal(before, hasher.Count);

        app.Time.Advance(TimeSpan.FromMinutes(15));
        page = await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal("/conversations", page.Address.AbsolutePath);
    }

    [Fact]
    public async Task Other_spellings_of_an_email_give_no_further_tries()
    {
        var hasher = new CountingHasher();
        await using var app = AppWith(hasher);
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await GuessAsync(browser, Scenario.AlicesEmail, 10);
        var before = hasher.Count;
        await GuessAsync(browser, " DEMO@EXAMPLE.nhs.uk ", 2);
        Assert.Equal(before, hasher.Count);
        // Identity by itself reads the long s of old prints as an s, and so would know whose email this is.
        await browser.GetAsync("/sign-in");
        var page = await browser.SubmitAsync("main form", ("email", "demo@example.nhſ.uk"), ("password", Scenario.Password));
        Assert.Contains("The email address or password is not right", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_learns_from_answers_or_their_cost_whether_an_email_is_known()
    {
        var hasher = new CountingHasher();
        await using var app = AppWith(hasher);
        await app.WithAsync<UserManager<Clinician>, IdentityResult>(people =>
            people.CreateAsync(new Clinician { Email = "left@example.nhs.uk", Name = "Left", PracticeId = "demo", Disabled = true }, Scenario.Password));
        var answers = new List<List<string>>();
        foreach (var email in new[] { Scenario.BobsEmail, "nobody@example.nhs.uk", "left@example.nhs.uk" })
        {
            var browser = app.NewBrowser();
            await browser.GetAsync("/sign-in");
            var before = hasher.Count;
            var bodies = new List<string>();
            for (var attempt = 1; attempt <= 12; attempt++)
            {
                // The disabled one types the right password.
                await browser.SubmitAsync("main form", ("email", email), ("password", email.StartsWith("left", StringComparison.Ordinal) ? Scenario.Password : "wrong"));
                var token = browser.Page.Html.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
                bodies.Add($"{browser.Page.Status} {browser.Page.Source.Replace(token, "", StringComparison.Ordinal).Replace(email, "", StringComparison.Ordinal)}");
                Assert.Equal(Math.Min(attempt, 10), hasher.Count - before);
            }
            Assert.NotEqual(bodies[9], bodies[10]);
            answers.Add(bodies);
        }
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(answers[0], answers[2]);
    }

    [Fact]
    public async Task Signing_in_gives_the_tries_back()
    {
        await using var app = new TestApp();
        for (var round = 0; round < 2; round++)
        {
            var browser = app.NewBrowser();
            await browser.GetAsync("/sign-in");
            await GuessAsync(browser, Scenario.AlicesEmail, 9);
            await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
            Assert.Equal("/conversations", browser.Page.Address.AbsolutePath);
        }
    }

    [Fact]
    public void Checking_the_password_of_nobody_costs_as_much_as_any_other()
    {
        var hasher = new PasswordHasher<Clinician>(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
        var nobodys = (string)typeof(PasswordCheck).GetField("NobodysHash", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.GetRawConstantValue()!;
        var (made, dummy) = (Convert.FromBase64String(hasher.HashPassword(new Clinician(), "x")), Convert.FromBase64String(nobodys));
        // Format, function, rounds and length of the salt.
        Assert.Equal(made[..13], dummy[..13]);
        Assert.Equal(made.Length, dummy.Length);
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(new Clinician(), nobodys, "x"));
    }

    [Fact]
    public async Task Alices_password_of_before_is_hashed_anew_with_as_many_rounds_as_today_when_she_signs_in()
    {
        await using var app = new TestApp
        {
            Replace = services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_001),
        };
        var alice = await app.ClinicianAsync(Scenario.AlicesEmail);
        var (before, stamp) = (alice.PasswordHash!, alice.SecurityStamp);
        await app.AliceSignsInAsync();
        var after = (await app.ClinicianAsync(Scenario.AlicesEmail)).PasswordHash!;
        await app.AliceSignsInAsync();

        Assert.Equal((1_000, 1_001), (RoundsOf(before), RoundsOf(after)));
        Assert.Equal((after, stamp), ((await app.ClinicianAsync(Scenario.AlicesEmail)).PasswordHash, (await app.ClinicianAsync(Scenario.AlicesEmail)).SecurityStamp));
        var product = WebApplication.CreateBuilder();
        product.AddSecurity();
        using var services = product.Services.BuildServiceProvider();
        Assert.Equal(210_000, services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount);
    }

    private static int RoundsOf(string hash) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));

    private static TestApp AppWith(CountingHasher hasher) => new()
    {
        Replace = services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Clinician>>(hasher)),
    };

    private static async Task GuessAsync(TestBrowser browser, string email, int times)
    {
        var requests = Enumerable.Range(0, times).Select(i => browser.Submission("main form", ("email", email), ("password", "wrong-password-" + i))).ToList();
        var responses = await Task.WhenAll(requests.Select(browser.SendAsync));
        Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests));
    }

    private sealed class CountingHasher : IPasswordHasher<Clinician>
    {
        private readonly PasswordHasher<Clinician> _hasher = new();
        private int _count;

        public int Count => _count;

        public string HashPassword(Clinician user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(Clinician user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _count);
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
