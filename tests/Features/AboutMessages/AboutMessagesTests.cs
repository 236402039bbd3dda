using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.AboutMessages;

public class AboutMessagesTests
{
    [Fact]
    public async Task Pat_finds_out_how_to_tell_a_real_message_and_which_address_it_must_have()
    {
        await using var app = new TestApp { Settings = { ["PublicUrl"] = "https://reply.example.nhs.uk" } };
        var request = await app.AliceAsksAsync();
        var pat = app.NewBrowser();
        foreach (var from in new[] { "/", request.Link, "/r/00000000000000000000000000" })
            Assert.NotNull((await pat.GetAsync(from)).Html.QuerySelector("a[href='/about-messages']"));

        var page = await pat.GetAsync("/about-messages", ("Host", "evil.example"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.All(["https://reply.example.nhs.uk/", "never ask for passwords, bank details or money", "Phone your GP surgery or service", "7726"],
            words => Assert.Contains(words, page.Text));
        Assert.DoesNotContain("evil.example", page.Source);
    }
}
