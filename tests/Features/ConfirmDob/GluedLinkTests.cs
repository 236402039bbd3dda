using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ConfirmDob;

/// <summary>Links as they arrive: with what stood behind them in the message, and changed by what they passed through.</summary>
public sealed class GluedLinkTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<string> Glue { get; } =
    [
        ".", ",", ";", ":", "!", "?", ")", "]", "}", ">", "'", "\"", "’", "”", "»", "…", "*", "_", "|", "-", "–", "/", "/.", "/)", ").", ".\")", "...", "=",
        "%20", "%0A", "%0D%0A", "%09", "%E2%80%A6", "%E2%80%9D", "%3E", "%22", "%29.", "%2E", "%2C%20please", "%20Thank%20you", "%2520", "%C2%A0", "%E2%80%8B", "%EF%BB%BF", "%E3%80%82",
        "&gt;", "%3Cbr%3E", "/new-link.", "?utm_source=sms&fbclid=IwAR1", ".?utm_source=sms", "#:~:text=link",
    ];

    [Theory, MemberData(nameof(Glue))]
    public async Task A_link_opens_with_whatever_is_glued_to_it(string glue)
    {
        var link = (await _app.AliceAsksAsync()).Link;
        var pat = _app.NewBrowser();

        Assert.Equal(HttpStatusCode.OK, (await pat.SendAsync(new(HttpMethod.Head, "http://localhost" + link + glue))).StatusCode);
        var page = await pat.GetAsync(link + glue);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("What is your date of birth?", page.Text, StringComparison.Ordinal);
        Assert.Equal("Your answer", (await pat.GivesDateOfBirthAsync(1, 1, 1980)).Heading);
    }

    [Fact]
    public async Task A_link_opens_when_its_address_was_changed_on_the_way()
    {
        var link = (await _app.AliceAsksAsync()).Link;
        var code = link[3..];
        string[] addresses =
        [
            "/R/" + code.ToUpperInvariant(), "/r//" + code, "//r/" + code, "/r%2F" + code, "/r/%20" + code, "/r/%3C" + code + "%3E", "/r/‘" + code + "’",
            "/https://reply.example.nhs.uk/r/" + code, "/r/https://reply.example.nhs.uk/r/" + code + ".", "/r/" + code[..4] + "-" + code[4..] + ".", "/r/" + code[..9] + "%20" + code[9..] + ",",
            "/r/" + code[..9] + "%E2%80%8B" + code[9..],
        ];
        foreach (var address in addresses)
        {
            var page = await _app.NewBrowser().GetAsync("http://localhost" + address);
            Assert.True(page.Status == HttpStatusCode.OK && page.Text.Contains("What is your date of birth?", StringComparison.Ordinal), $"{address}: {page.Status} {page.Heading}");
        }
    }

    [Fact]
    public async Task Opening_and_looking_spends_nothing_and_an_unknown_link_stays_unknown()
    {
        var link = (await _app.AliceAsksAsync()).Link;
        var before = await _app.StoredAsync();
        await _app.NewBrowser().GetAsync(link + ").");
        Assert.Equal(before, await _app.StoredAsync());

        string[] unknown = ["/r/0123456789abcdefghjkmnpqrs.", "/r/0123456789abcdefghjkmnpqrs%E2%80%A6", $"{link}0.", $"{link[..^1]}.", "/r", "/r/", "/r/.", "/r/)/(", $"{link}abc"];
        foreach (var address in unknown)
        {
            var page = await _app.NewBrowser().GetAsync(address);
            Assert.True(page.Status == HttpStatusCode.NotFound, $"{address}: {page.Status}");
            Assert.Equal("This link does not work", page.Heading);
            Assert.NotNull(page.Html.QuerySelector("main a[href='/']"));
        }
    }
}
