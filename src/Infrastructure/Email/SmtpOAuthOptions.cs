namespace PatientResponse.Infrastructure.Email;

/// <summary>Who gives access tokens for the relay, in place of a password (XOAUTH2), as Microsoft 365 wants it: <c>Email:Smtp:OAuth:…</c></summary>
public sealed class SmtpOAuthOptions
{
    public string TokenUrl { get; set; } = "";
    public string ClientId { get; set; } = "";
    public string ClientSecret { get; set; } = "";

    /// <summary>Such as <c>https://outlook.office365.com/.default</c>; not every server asks for one.</summary>
    public string Scope { get; set; } = "";

    public bool IsSet => $"{TokenUrl}{ClientId}{ClientSecret}{Scope}".Length > 0;

    public IEnumerable<string> Problems()
    {
        if (!Uri.TryCreate(TokenUrl, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            yield return "Email:Smtp:OAuth:TokenUrl must be the https address that gives access tokens.";
        if (string.IsNullOrEmpty(ClientId))
            yield return "Email:Smtp:OAuth:ClientId must be the id under which this installation is registered there.";
        if (string.IsNullOrEmpty(ClientSecret))
            yield return "Email:Smtp:OAuth:ClientSecret must be the secret that goes with Email:Smtp:OAuth:ClientId.";
    }
}
