using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SignIn;

/// <summary>One password tried on many accounts.</summary>
public sealed class SprayingTests
{
    [Fact]
    public async Task Whoever_tries_many_accounts_is_slowed_down_and_told_of_and_Alice_behind_the_same_address_gets_in()
    {
        var logs = new LogCapture();
        await using var app = new TestApp { Replace = services => services.AddSingleton<ILoggerProvider>(logs) };
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        for (var i = 0; i < 40; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(i)).Status);
        Assert.Empty(logs.Errors);

        var before = app.Time.GetUtcNow();
        var next = TryAsync(40);
        while (app.Time.Waiting == 0 && !next.IsCompleted)
            await Task.Yield();
        Assert.False(next.IsCompleted);
        await app.Time.PassUntilAsync(next);
        Assert.InRange(app.Time.GetUtcNow() - before, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));

        for (var i = 41; i < 65; i++)
            await app.Time.PassUntilAsync(TryAsync(i));
        Assert.Contains("tries passwords: 60 checks in 15 minutes", Assert.Single(logs.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", logs.Errors[0], StringComparison.Ordinal);
        Assert.Matches("Somebody at address [0-9a-f]{8} tries", logs.Errors[0]);

        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await app.Time.PassUntilAsync(alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password)));
        Assert.Equal("/conversations", alice.Page.Address.AbsolutePath);

        Task<TestPage> TryAsync(int i) => browser.SubmitAsync("main form", ("email", $"somebody{i}@example.nhs.uk"), ("password", "Spring2026!"));
    }
}
