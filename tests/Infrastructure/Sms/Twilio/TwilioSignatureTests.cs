using Microsoft.Extensions.Primitives;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Infrastructure.Sms.Twilio;

public class TwilioSignatureTests(TwilioCounterpart twilio)
{
    private const string Token = "12345";
    private const string Url = "https://mycompany.com/myapp.php?foo=1&bar=2";

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["CallSid"] = "CA1234567890ABCDE",
        ["Digits"] = "1234",
        ["From"] = "+14158675309",
        ["To"] = "+18005551212",
        ["Caller"] = "+14158675309",
    };

    [Fact]
    public void The_signature_of_Twilio_s_own_example_is_taken()
    {
        Assert.True(Verifies("RSOYDt4T1cUTdK1PDd93/VVr8B8=", Token, Url, Fields));
        Assert.False(Verifies("RSOYDt4T1cUTdK1PDd93/VVr9B8=", Token, Url, Fields));
    }

    [Theory]
    [InlineData("https://mycompany.com/webhooks/twilio?conversation=1&attempt=2")]
    [InlineData("https://mycompany.com:443/webhooks/twilio")]
    [InlineData("https://mycompany.com:8443/webhooks/twilio?a=%20b")]
    [InlineData("http://localhost:5000/webhooks/twilio")]
    [InlineData("https://MyCompany.com/webhooks/twilio")]
    public async Task What_Twilio_s_library_signs_is_taken_and_with_anything_changed_it_is_not(string url)
    {
        foreach (var fields in new Dictionary<string, string>[] { Fields, [], new() { ["b"] = "", ["B"] = "1", ["a_"] = "é€😀", ["A"] = "a b\r\nc" } })
        {
            var signature = await twilio.SignAsync(Token, url, fields);
            Assert.True(Verifies(signature, Token, url, fields));
            Assert.False(Verifies(signature, Token + "6", url, fields));
            Assert.False(Verifies(signature, Token, url.Replace("twilio", "twilia", StringComparison.Ordinal), fields));
            Assert.False(Verifies(signature, Token, url, [.. fields, new("MessageStatus", "delivered")]));
            Assert.All(fields.Keys, changed => Assert.False(Verifies(signature, Token, url, fields.Select(field => field.Key == changed ? new(changed, field.Value + "!") : field))));
        }
    }

    [Fact]
    public async Task A_field_that_comes_more_than_once_is_signed_with_each_of_its_values()
    {
        string[] values = ["b", "a", "B", "a"];
        var signature = await twilio.SignAsync(Token, Url, "Media", values);
        Assert.True(TwilioSignature.Verifies(signature, Token, Url, [new("Media", values)]));
        Assert.False(TwilioSignature.Verifies(signature, Token, Url, [new("Media", values[..2])]));
    }

    [Theory]
    [InlineData("https://mycompany.com/webhooks/twilio", "https://mycompany.com:443/webhooks/twilio")]
    [InlineData("https://mycompany.com:8443/webhooks/twilio", "https://mycompany.com/webhooks/twilio")]
    [InlineData("http://mycompany.com/webhooks/twilio", "http://mycompany.com:80/webhooks/twilio")]
    public async Task Twilio_may_sign_with_the_port_or_without_as_its_own_library_allows(string ours, string atTwilio)
    {
        var signature = await twilio.SignAsync(Token, atTwilio, Fields);
        Assert.True(await twilio.ValidatesAsync(Token, ours, Fields, signature));
        Assert.True(Verifies(signature, Token, ours, Fields));
        var elsewhere = await twilio.SignAsync(Token, atTwilio.Replace("mycompany.com", "evil.example", StringComparison.Ordinal), Fields);
        Assert.False(Verifies(elsewhere, Token, ours, Fields));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("AAAA")]
    [InlineData(null)]
    public void What_is_no_signature_is_refused(string? signature) => Assert.False(Verifies(signature, Token, Url, Fields));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n")]
    public async Task Without_a_token_nothing_is_genuine_because_anybody_can_sign_with_an_empty_or_a_blank_one(string token) =>
        Assert.False(Verifies(await twilio.SignAsync(token, Url, Fields), token, Url, Fields));

    private static bool Verifies(string? signature, string token, string url, IEnumerable<KeyValuePair<string, string>> fields) =>
        TwilioSignature.Verifies(signature, token, url, fields.Select(field => new KeyValuePair<string, StringValues>(field.Key, field.Value)));
}
