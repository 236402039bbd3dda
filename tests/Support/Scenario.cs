namespace PatientResponse.Tests.Support;

/// <summary>Ways to get to a state by using the product, in one line each. Alice is the requester, Bob her colleague.</summary>
public static class Scenario
{
    public const string AlicesEmail = "demo@example.nhs.uk";
    public const string BobsEmail = "colleague@example.nhs.uk";
    public const string Password = "demo-password-1";

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
}
