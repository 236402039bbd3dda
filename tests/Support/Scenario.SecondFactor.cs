using OtpNet;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

public static partial class Scenario
{
    /// <summary>The code that an app with this key shows now.</summary>
    public static string CodeOf(this TestApp app, string key) => CodeAt(key, app.Time.GetUtcNow());

    public static string CodeAt(string key, DateTimeOffset time) => new OtpNet.Totp(Base32Encoding.ToBytes(key)).ComputeTotp(time.UtcDateTime);

    /// <summary>Sets up an app that makes codes, keeps the recovery codes, and waits until it shows the next one.</summary>
    public static async Task<(string Key, string[] RecoveryCodes)> SetsUpAnAppAsync(this TestApp app, TestBrowser browser)
    {
        await browser.GetAsync("/account/authenticator");
        var key = browser.Page.Html.QuerySelector(".app-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await browser.SubmitAsync("#set-up", ("code", app.CodeOf(key)));
        app.Time.Advance(TimeSpan.FromSeconds(30));
        var codes = browser.Page.Html.QuerySelector(".app-codes")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await browser.SubmitAsync("form[action$='/kept']");
        return (key, codes);
    }

    /// <summary>A browser that gave the password and is asked for the second step.</summary>
    public static async Task<TestBrowser> GivesPasswordAsync(this TestApp app, string email = AlicesEmail)
    {
        var browser = await app.SignInAsync(email);
        Assert.Equal("/sign-in/second-step", browser.Page.Address.AbsolutePath);
        return browser;
    }

    public static async Task<Clinician> ClinicianAsync(this TestApp app, string email) =>
        (await app.WithAsync<IDocumentSession, Clinician?>(documents => documents.FindAsync<Clinician>(Clinician.LookupOf(email))))!;

    /// <summary>Details of one kind of audit entry, oldest first.</summary>
    public static Task<IReadOnlyList<string>> AuditedAsync(this TestApp app, string action) => app.WithAsync<IDatabase, IReadOnlyList<string>>(
        database => database.QueryAsync<string>("select detail from audit where action = @action order by id", new { action }, CancellationToken.None));
}
