using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Email;

/// <summary>Who carries email.</summary>
public sealed class EmailSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Email:Provider"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) => SenderChoice.Problems("Email:Provider", settings, purpose);
}
