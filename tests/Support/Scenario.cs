using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Support;

/// <summary>Ways to get to a state by using the product, in one line each. Alice is the requester, Bob her colleague,
/// Pat the test patient, born 1 January 1980.</summary>
public static partial class Scenario
{
    public const string AlicesEmail = "demo@example.nhs.uk";
    public const string BobsEmail = "colleague@example.nhs.uk";
    public const string Password = "demo-password-1";
    public const string TestPatient = "/patients/test/message";

    public static Task<TestBrowser> AliceSignsInAsync(this TestApp app) => app.SignInAsync(AlicesEmail);

    public static Task<TestBrowser> BobSignsInAsync(this TestApp app) => app.SignInAsync(BobsEmail);

    public static async Task<TestBrowser> SignInAsync(this TestApp app, string email, string password = Password)
    {
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", email), ("password", password));
        Assert.NotEqual("/sign-in", browser.Page.Address.AbsolutePath);
        return browser;
    }

    /// <summary>Alice writes to the test patient and asks for a reply; the SMS goes out. Returns the link in it.</summary>
    public static async Task<Request> AliceAsksAsync(this TestApp app, string text = "How is your rash today?")
    {
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(TestPatient);
        await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        Assert.StartsWith("/conversations/", alice.Page.Address.AbsolutePath, StringComparison.Ordinal);
        await app.DoQueuedWorkAsync();
        return new(alice, alice.Page.Address.AbsolutePath, LinkIn(app.SentTexts[0].Text));
    }

    public static string LinkIn(string sms) => new Uri(Link().Match(sms).Value).AbsolutePath;

    /// <summary>Pat opens a link and gives the right date of birth.</summary>
    public static async Task<TestBrowser> PatOpensAsync(this TestApp app, string link)
    {
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.StartsWith("/reply/", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
        return pat;
    }

    public static Task<TestPage> GivesDateOfBirthAsync(this TestBrowser pat, int day, int month, int year) =>
        pat.SubmitAsync("main form", ("day", $"{day}"), ("month", $"{month}"), ("year", $"{year}"));

    /// <summary>Pat sends an answer from the page that is open.</summary>
    public static Task<TestPage> AnswersAsync(this TestBrowser pat, string text, params (string Name, byte[] Bytes)[] files) =>
        pat.SubmitFilesAsync("#reply", files, ("text", text));

    [GeneratedRegex(@"https?://\S+/r/[0-9a-z]{26}")]
    private static partial Regex Link();
}

/// <param name="Alice">Signed in, looking at the conversation.</param>
/// <param name="Conversation">Its address.</param>
/// <param name="Link">The path that the SMS links to.</param>
public sealed record Request(TestBrowser Alice, string Conversation, string Link);
