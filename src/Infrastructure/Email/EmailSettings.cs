using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Email;

/// <summary>Who carries email.</summary>
public sealed class EmailSettings : ISettings
{
    public IReadOnlyList<string> Keys =>
    [
        "Email:Provider", "Email:Smtp:Host", "Email:Smtp:Port", "Email:Smtp:ImplicitTls", "Email:Smtp:Plain", "Email:Smtp:User", "Email:Smtp:Password",
        "Email:Smtp:OAuth:TokenUrl", "Email:Smtp:OAuth:ClientId", "Email:Smtp:OAuth:ClientSecret", "Email:Smtp:OAuth:Scope", "Email:Smtp:From", "Email:Smtp:Timeout",
    ];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) =>
        purpose.Serves ? EmailSetup.Problems(settings, development: !purpose.IsProduction) : [];
}
