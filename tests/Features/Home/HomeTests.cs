using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Home;

public class HomeTests
{
    private const string Code = "0123456789abcdefghjkmnpqrs";

    [Fact]
    public async Task A_patient_types_the_code_in_their_own_way_and_gets_to_the_link()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/");
        var response = await browser.SendAsync(browser.Submission("main form", ("code", " O123-4567-89AB-CDEF-GHJK-MNPQ-RS ")));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/r/" + Code, response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("“0123-4567-89ab-cdef-ghjk-mnpq-rs”.")]
    [InlineData("Link: https://reply.example.nhs.uk/r/0123-4567-89ab-cdef-ghjk-mnpq-rs .")]
    [InlineData("<https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs>")]
    [InlineData("Dear Pat, How is your knee? Reply within 7 days: https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs You need internet to open it.")]
    public async Task A_patient_pastes_a_link_or_a_whole_message_and_gets_to_the_link(string pasted)
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/");
        var response = await browser.SendAsync(browser.Submission("main form", ("code", pasted)));
        Assert.Equal("/r/0123456789abcdefghjkmnpqrs", response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("", "Type the code from your text message")]
    [InlineData("0123 4567", "The code is too short. It has 26 letters and numbers")]
    [InlineData(Code + "9", "The code is too long. It has 26 letters and numbers")]
    [InlineData("(0123 4567).", "The code is too short. It has 26 letters and numbers")]
    [InlineData("https://reply.example.nhs.uk/r/", "Type the code from your text message")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789abcdefghjkmnp Thank you", "The code is too short. It has 26 letters and numbers")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrsT.", "The code is too long. It has 26 letters and numbers")]
    [InlineData("(0123456789abcdefghjkmnpqru)", "Check the code. It has 26 letters and numbers, and no other signs")]
    [InlineData("0123456789abcdefghjkmnpq\"<", "Check the code. It has 26 letters and numbers, and no other signs")]
    public async Task A_mistyped_code_stays_in_the_box_with_what_is_wrong(string typed, string problem)
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/");
        var page = await browser.SubmitAsync("main form", ("code", typed));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Equal(problem, page.Html.QuerySelector(".nhsuk-error-summary a[href='#code']")!.TextContent);
        Assert.Contains(problem, page.Html.QuerySelector("#code-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(typed, page.Html.QuerySelector("#code")!.GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task Something_that_is_no_form_is_a_missing_code()
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().OpenAsync(new HttpRequestMessage(HttpMethod.Post, "http://localhost/") { Content = new StringContent("{}", null, "application/json") });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
    }

    [Fact]
    public async Task Staff_find_the_way_to_sign_in_and_signed_in_their_conversations()
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().GetAsync("/");
        Assert.Equal("Staff: sign in", page.Html.QuerySelector("a[href='/sign-in']")!.TextContent);
        var alice = await app.AliceSignsInAsync();
        Assert.Equal("/conversations", (await alice.GetAsync("/")).Address.AbsolutePath);
    }
}
