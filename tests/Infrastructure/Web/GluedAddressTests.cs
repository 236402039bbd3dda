using System.Net;
using PatientResponse.Infrastructure.Web.Requests;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>Links to staff come by email, and mail programs take what follows for a part of them.</summary>
public class GluedAddressTests
{
    [Theory]
    [InlineData(".")]
    [InlineData(">.")]
    [InlineData("%20")]
    [InlineData("%E2%80%9D")]
    [InlineData(").?from=email")]
    public async Task A_conversation_opens_with_what_is_glued_to_its_address(string glue)
    {
        await using var app = new TestApp();
        var request = await app.AliceAsksAsync("How is your rash today?");
        var page = await request.Alice.GetAsync(request.Conversation + glue);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("How is your rash today?", page.Text, StringComparison.Ordinal);
        Assert.Empty(await app.AuditedAsync("refused"));
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(request.Conversation + (glue.EndsWith('l') ? "?from=email" : ""))}", (await app.NewBrowser().GetAsync(request.Conversation + glue)).Address.PathAndQuery);
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("abc==.", "abc==")]
    [InlineData("abc)>\u201D \n", "abc")]
    [InlineData("/", "/")]
    [InlineData("...", "")]
    public void What_no_address_and_no_secret_ends_in_is_left_out(string text, string own) => Assert.Equal(own, GluedAddress.Trim(text));

    [Fact]
    public async Task The_front_page_and_pages_that_nobody_knows_are_what_they_were()
    {
        await using var app = new TestApp();
        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync("/")).Status);
        Assert.Equal("/", (await app.NewBrowser().GetAsync("/%20")).Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.NotFound, (await app.NewBrowser().GetAsync("/no-such-page).")).Status);
    }
}
