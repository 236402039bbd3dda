using Microsoft.Extensions.Configuration;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Infrastructure.Sms;

public class SmsSetupTests
{
    private static readonly Dictionary<string, string?> Twilio = new()
    {
        ["Sms:Provider"] = "twilio",
        ["Twilio:AccountSid"] = "AC0123456789abcdef0123456789abcdef",
        ["Twilio:AuthToken"] = "secret",
        ["Twilio:From"] = "Riverside",
    };

    [Fact]
    public void Production_starts_with_Twilio_once_everything_is_set()
    {
        Assert.Empty(Problems(Twilio, development: false));
        Assert.Empty(Problems(new(Twilio) { ["Twilio:From"] = "+447700900123" }, development: false));
        Assert.Empty(Problems(new(Twilio) { ["Twilio:From"] = null, ["Twilio:MessagingServiceSid"] = "MG0123456789abcdef0123456789abcdef" }, development: false));
    }

    [Theory]
    [InlineData("Twilio:AccountSid", "")]
    [InlineData("Twilio:AccountSid", "AC12/../34")]
    [InlineData("Twilio:AccountSid", "AC0123456789abcdef0123456789abcdef\n")]
    [InlineData("Twilio:AuthToken", "")]
    [InlineData("Twilio:AuthToken", " ")]
    [InlineData("Twilio:From", "")]
    [InlineData("Twilio:From", "Riverside Surgery")]
    [InlineData("Twilio:From", "07700900123 ")]
    [InlineData("Twilio:From", "Riverside\n")]
    [InlineData("Twilio:MessagingServiceSid", "MG1")]
    [InlineData("Twilio:MessagingServiceSid", "MG0123456789abcdef0123456789abcdef\n")]
    [InlineData("Twilio:BaseUrl", "http://twilio.example")]
    [InlineData("Sms:Provider", "capture")]
    [InlineData("Sms:Provider", "")]
    [InlineData("Sms:Provider", "pigeon")]
    public void In_Production_a_missing_or_wrong_setting_stops_the_start_and_is_named(string key, string value) =>
        Assert.StartsWith(key, Assert.Single(Problems(new(Twilio) { [key] = value }, development: false)));

    private static readonly Dictionary<string, string?> Notify = new()
    {
        ["Sms:Provider"] = "notify",
        ["Notify:ApiKey"] = "riverside-live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
        ["Notify:SmsTemplateId"] = "f33517ff-2a88-4f6e-b855-c550268ce08a",
        ["Notify:CallbackToken"] = "0123456789abcdef0123456789abcdef",
    };

    [Fact]
    public void Production_starts_with_Notify_once_everything_is_set()
    {
        Assert.Empty(Problems(Notify, development: false));
        Assert.Empty(Problems(new(Notify) { ["Notify:SmsSenderId"] = "8e222534-7f05-4972-86e3-17c5d9f894e2" }, development: false));
        Assert.Equal(3, Problems(new() { ["Sms:Provider"] = "notify" }, development: false).Count);
        Assert.StartsWith("Sms:Provider must be 'capture' in Development", Assert.Single(Problems(Notify, development: true)));
        Assert.Empty(Problems(new(Notify) { ["Notify:BaseUrl"] = "http://127.0.0.1:4010" }, development: true));
    }

    [Theory]
    [InlineData("Notify:ApiKey", "")]
    [InlineData("Notify:ApiKey", "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")]
    [InlineData("Notify:ApiKey", "live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0\n")]
    [InlineData("Notify:SmsTemplateId", "")]
    [InlineData("Notify:SmsTemplateId", "((text))")]
    [InlineData("Notify:SmsSenderId", "Riverside")]
    [InlineData("Notify:CallbackToken", "")]
    [InlineData("Notify:CallbackToken", "too short")]
    [InlineData("Notify:CallbackToken", "a token with spaces in it, and long")]
    [InlineData("Notify:BaseUrl", "http://notify.example")]
    public void In_Production_a_missing_or_wrong_setting_of_Notify_s_stops_the_start_and_is_named(string key, string value) =>
        Assert.StartsWith(key, Assert.Single(Problems(new(Notify) { [key] = value }, development: false)));

    [Fact]
    public void All_that_is_missing_is_named_at_once() =>
        Assert.Equal(3, Problems(new() { ["Sms:Provider"] = "twilio" }, development: false).Count);

    [Fact]
    public void In_Development_nothing_reaches_a_real_person()
    {
        Assert.Empty(Problems([], development: true));
        Assert.StartsWith("Sms:Provider must be 'capture' in Development", Assert.Single(Problems(Twilio, development: true)));
        Assert.StartsWith("Sms:Provider must be 'capture' in Development", Assert.Single(Problems(new(Twilio) { ["Twilio:BaseUrl"] = "https://api.twilio.com" }, development: true)));
        Assert.Empty(Problems(new(Twilio) { ["Twilio:BaseUrl"] = "http://127.0.0.1:4010" }, development: true));
    }

    private static List<string> Problems(Dictionary<string, string?> settings, bool development) =>
        [.. SmsSetup.Problems(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), development)];
}
