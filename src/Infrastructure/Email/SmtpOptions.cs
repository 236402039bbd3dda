using System.Net;
using System.Net.Mail;

namespace PatientResponse.Infrastructure.Email;

/// <summary>The mail relay of the practice or trust: <c>Email:Smtp:…</c>.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Email:Smtp";

    /// <summary>The name that the relay's certificate bears.</summary>
    public string Host { get; set; } = "";

    /// <summary>587, submission (RFC 6409). Implicit TLS on 465 is not spoken.</summary>
    public int Port { get; set; } = 587;

    /// <summary>For AUTH LOGIN; without it, the relay has to know us by our address.</summary>
    public string User { get; set; } = "";
    public string Password { get; set; } = "";

    /// <summary>Such as <c>no-reply@example.nhs.uk</c> or <c>PatientResponse &lt;no-reply@example.nhs.uk&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Without TLS, to a relay on this machine only.</summary>
    public bool Plain { get; set; }

    /// <summary>For one mail, all told. Shorter than a message's lease.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    public static SmtpOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<SmtpOptions>() ?? new();

    public bool IsOnThisMachine => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    public IEnumerable<string> Problems()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return "Email:Smtp:Host must be the name of the mail relay.";
        if (Port is < 1 or > 65535)
            yield return "Email:Smtp:Port must be the relay's port for STARTTLS, usually 587.";
        if (Port == 465)
            yield return "Email:Smtp:Port must be a port for STARTTLS, usually 587: TLS from the first byte, as on 465, is not spoken.";
        if (!MailAddress.TryCreate(From, out _))
            yield return "Email:Smtp:From must be the address that emails are from, such as no-reply@example.nhs.uk.";
        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
            yield return "Email:Smtp:User and Email:Smtp:Password must both be set, or neither.";
        if (Plain && !IsOnThisMachine)
            yield return "Email:Smtp:Plain is for a relay on this machine only: mail to another has to be encrypted on its way.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromSeconds(90))
            yield return "Email:Smtp:Timeout must be between 00:00:01 and 00:01:30.";
    }
}
