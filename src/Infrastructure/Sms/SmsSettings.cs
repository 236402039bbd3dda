using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Who carries text messages.</summary>
public sealed class SmsSettings : ISettings
{
    public IReadOnlyList<string> Keys =>
        ["Sms:Provider", UndoTime.Key, "Twilio:BaseUrl", "Twilio:AccountSid", "Twilio:AuthToken", "Twilio:From", "Twilio:MessagingServiceSid",
            "Notify:BaseUrl", "Notify:ApiKey", "Notify:SmsTemplateId", "Notify:SmsSenderId", "Notify:CallbackToken"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) =>
        [.. UndoTime.Problems(settings), .. purpose.Serves ? SmsSetup.Problems(settings, development: !purpose.IsProduction) : []];
}
