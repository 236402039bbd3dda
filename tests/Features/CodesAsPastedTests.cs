using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features;

/// <summary>Dates of birth and codes with what phones, password managers and web pages paste along, on every form that asks for one.</summary>
public sealed class CodesAsPastedTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("\u202F1", "０１", "1\u200B980")]
    [InlineData("\uFEFF01", "Ｊａｎ", "１９８０")]
    [InlineData("1st", "\u200Ejan\u00ADuary", "1\u00A0980\u202C")]
    public async Task A_date_of_birth_opens_the_message(string day, string month, string year)
    {
        var pat = _app.NewBrowser();
        await pat.GetAsync((await _app.AliceAsksAsync()).Link);
        await pat.SubmitAsync("main form", ("day", day), ("month", month), ("year", year));
        Assert.StartsWith("/reply/", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_impossible_date_is_no_try_however_it_is_written()
    {
        var link = (await _app.AliceAsksAsync()).Link;
        for (var tries = 0; tries < 6; tries++)
        {
            var pat = _app.NewBrowser();
            await pat.GetAsync(link);
            var page = await pat.SubmitAsync("main form", ("day", "３１\u200B"), ("month", "２"), ("year", $"198\u200B{tries}"));
            Assert.Contains("Date of birth must be a real date", page.Text, StringComparison.Ordinal);
        }
        await _app.PatOpensAsync(link);
    }

    [Fact]
    public async Task Codes_of_an_app_and_of_paper_sign_in_and_set_up()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/account/authenticator");
        var key = alice.Page.Html.QuerySelector(".app-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await alice.SubmitAsync("#set-up", ("code", Pasted(_app.CodeOf(key))));
        var codes = alice.Page.Html.QuerySelector(".app-codes")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await alice.SubmitAsync("form[action$='/kept']");
        _app.Time.Advance(TimeSpan.FromSeconds(30));

        foreach (var code in new[] { Pasted(_app.CodeOf(key)), Pasted(codes[0]), Pasted(codes[1].ToUpperInvariant().Replace('-', '\u001E')) })
        {
            var browser = await _app.GivesPasswordAsync();
            await browser.SubmitAsync("main form", ("code", code));
            Assert.NotEqual("/sign-in/second-step", browser.Page.Address.AbsolutePath);
        }
        var nothing = await (await _app.GivesPasswordAsync()).SubmitAsync("main form", ("code", "\u200B\u00A0\u2800"));
        Assert.Contains("Enter a code", nothing.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mobile_numbers_are_read_where_they_are_corrected_and_where_they_are_ones_own()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form", ("mobile", "\u202A０７７００\u00A0900\u200B456\u202C"));
        Assert.Equal("+447700900456", (await _app.ClinicianAsync(Scenario.AlicesEmail)).TestMobile);
        var id = await alice.AsksAsync(_app);
        await _app.FailsAsync(id);
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$='/send-again']", ("mobile", "\uFEFF＋４４ 7700\u001E900\u202F789"));
        Assert.Equal(HttpStatusCode.OK, alice.Page.Status);
        Assert.Equal("+447700900789", (await _app.ConversationAsync(id)).Mobile);
    }

    /// <summary>Wide digits and letters, a mark at each end, a narrow space and nothing at all in the middle.</summary>
    private static string Pasted(string code) =>
        "\u2066\uFEFF" + string.Concat(code[..3].Select(c => char.IsAsciiLetterOrDigit(c) ? (char)(c + 0xFEE0) : c)) + "\u202F\u200B" + code[3..] + "\u00A0\u2069";
}
