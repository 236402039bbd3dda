using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>A service at GOV.UK Notify, and the template that our text messages go through.</summary>
public sealed partial class NotifyOptions
{
    public const string Section = "Notify";

    /// <summary>The template's only placeholder: <c>((text))</c>, and nothing else.</summary>
    public const string Placeholder = "text";

    public string BaseUrl { get; set; } = "https://api.notifications.service.gov.uk";

    /// <summary>As Notify shows it once: <c>name-service id-secret</c>.</summary>
    public string ApiKey { get; set; } = "";

    public string SmsTemplateId { get; set; } = "";

    /// <summary>A sender that was set up at Notify; empty for the service's default.</summary>
    public string SmsSenderId { get; set; } = "";

    /// <summary>What Notify's reports have to bear.</summary>
    public string CallbackToken { get; set; } = "";

    public string ServiceId => ApiKeys().Match(ApiKey).Groups["service"].Value;

    public string Secret => ApiKeys().Match(ApiKey).Groups["secret"].Value;

    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var options = Read(configuration);
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || address.IsLoopback))
            yield return "Notify:BaseUrl must be an https address; leave it out for https://api.notifications.service.gov.uk.";
        if (!ApiKeys().IsMatch(options.ApiKey))
            yield return "Notify:ApiKey must be an API key as GOV.UK Notify shows it: its name and two ids, joined by hyphens.";
        if (!Guid.TryParseExact(options.SmsTemplateId, "D", out _))
            yield return "Notify:SmsTemplateId must be the id of a text message template whose whole content is ((text)).";
        if (options.SmsSenderId != "" && !Guid.TryParseExact(options.SmsSenderId, "D", out _))
            yield return "Notify:SmsSenderId must be the id of a text message sender; leave it out for the service's default.";
        if (options.CallbackToken.Length < FewestCharactersOfToken || !options.CallbackToken.All(c => c is > ' ' and < '\x7f'))
            yield return $"Notify:CallbackToken must be the bearer token that Notify's callbacks bear: {FewestCharactersOfToken} characters or more without spaces, such as 'openssl rand -hex 32' makes.";
    }

    public static bool IsOnThisMachine(IConfiguration configuration) =>
        Uri.TryCreate(Read(configuration).BaseUrl, UriKind.Absolute, out var address) && address.IsLoopback;

    /// <summary>Notify asks for more than 10; this one cannot be guessed.</summary>
    private const int FewestCharactersOfToken = 20;

    private static NotifyOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<NotifyOptions>() ?? new();

    [GeneratedRegex(@"^.+-(?<service>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?<secret>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\z", RegexOptions.IgnoreCase)]
    private static partial Regex ApiKeys();
}
