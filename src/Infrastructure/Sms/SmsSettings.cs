using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Who carries text messages.</summary>
public sealed class SmsSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Sms:Provider"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) => SenderChoice.Problems("Sms:Provider", settings, purpose);
}
