using System.Net;
using MailKit.Security;

namespace PatientResponse.Infrastructure.Email;

/// <summary>The mail relay of the practice or trust: <c>Email:Smtp:…</c>.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Email:Smtp";

    /// <summary>Submission with TLS from the first byte (RFC 8314).</summary>
    private const int Submissions = 465;

    /// <summary>The name that the relay's certificate bears.</summary>
    public string Host { get; set; } = "";

    /// <summary>587 is submission with STARTTLS (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>TLS from the first byte instead of STARTTLS. Unless it is said: on port 465.</summary>
    public bool? ImplicitTls { get; set; }

    /// <summary>Without it, the relay has to know us by our address.</summary>
    public string User { get; set; } = "";

    /// <summary>For AUTH PLAIN or LOGIN, whichever the relay offers.</summary>
    public string Password { get; set; } = "";

    /// <summary>In place of a password.</summary>
    public SmtpOAuthOptions OAuth { get; set; } = new();

    /// <summary>Such as <c>no-reply@example.nhs.uk</c> or <c>PatientResponse &lt;no-reply@example.nhs.uk&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Without TLS, to a relay on this machine only.</summary>
    public bool Plain { get; set; }

    /// <summary>For one mail, all told: a worker waits for it.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Never one of the library's that go on in clear where the relay offers no TLS.</summary>
    public SecureSocketOptions Tls =>
        Plain ? SecureSocketOptions.None : ImplicitTls ?? Port == Submissions ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls;

    public static SmtpOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<SmtpOptions>() ?? new();

    public bool IsOnThisMachine => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    public IEnumerable<string> Problems()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return "Email:Smtp:Host must be the name of the mail relay.";
        if (Port is < 1 or > 65535)
            yield return "Email:Smtp:Port must be the relay's port: usually 587 with STARTTLS, or 465.";
        if (EmailMessage.Mailbox(From) is null)
            yield return "Email:Smtp:From must be the address that emails are from, such as no-reply@example.nhs.uk.";
        if (Plain && !IsOnThisMachine)
            yield return "Email:Smtp:Plain is for a relay on this machine only: mail to another has to be encrypted on its way.";
        if (Plain && ImplicitTls == true)
            yield return "Email:Smtp:Plain and Email:Smtp:ImplicitTls contradict each other.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromSeconds(90))
            yield return "Email:Smtp:Timeout must be between 00:00:01 and 00:01:30.";
        foreach (var problem in OAuth.IsSet ? [.. ProblemsOfTokens(), .. OAuth.Problems()] : ProblemsOfPassword())
            yield return problem;
    }

    private IEnumerable<string> ProblemsOfPassword()
    {
        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
            yield return "Email:Smtp:User and Email:Smtp:Password must both be set, or neither.";
    }

    private IEnumerable<string> ProblemsOfTokens()
    {
        if (string.IsNullOrEmpty(User))
            yield return "Email:Smtp:User must be the mailbox that the access tokens of Email:Smtp:OAuth are for.";
        if (!string.IsNullOrEmpty(Password))
            yield return "Email:Smtp:Password and Email:Smtp:OAuth exclude each other: set one of them.";
    }
}
