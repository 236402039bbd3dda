using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>An account with Twilio, and whom its SMS are from where a practice has no sender name of its own.</summary>
public sealed partial class TwilioOptions
{
    public const string Section = "Twilio";

    public string BaseUrl { get; set; } = "https://api.twilio.com";
    public string AccountSid { get; set; } = "";

    /// <summary>Opens the account, and signs Twilio's reports.</summary>
    public string AuthToken { get; set; } = "";

    /// <summary>A number in E.164, a short code, or a name of at most 11 characters.</summary>
    public string From { get; set; } = "";

    /// <summary>Goes before <see cref="From"/> where both are set.</summary>
    public string MessagingServiceSid { get; set; } = "";

    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var options = Read(configuration);
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || address.IsLoopback))
            yield return "Twilio:BaseUrl must be an https address; leave it out for https://api.twilio.com.";
        if (!Account().IsMatch(options.AccountSid))
            yield return "Twilio:AccountSid must be the account's SID: AC and 32 hexadecimal digits.";
        if (string.IsNullOrWhiteSpace(options.AuthToken))
            yield return "Twilio:AuthToken must be the account's auth token.";
        if (options.MessagingServiceSid != "" && !Service().IsMatch(options.MessagingServiceSid))
            yield return "Twilio:MessagingServiceSid must be a messaging service's SID: MG and 32 hexadecimal digits.";
        else if (options.MessagingServiceSid == "" && !Sender().IsMatch(options.From))
            yield return "Twilio:From or Twilio:MessagingServiceSid must say whom text messages are from: a number such as +447700900000, a name of at most 11 letters, digits and spaces, or a messaging service's SID.";
    }

    public static bool IsOnThisMachine(IConfiguration configuration) =>
        Uri.TryCreate(Read(configuration).BaseUrl, UriKind.Absolute, out var address) && address.IsLoopback;

    private static TwilioOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<TwilioOptions>() ?? new();

    [GeneratedRegex(@"^AC[0-9a-fA-F]{32}\z")]
    private static partial Regex Account();

    [GeneratedRegex(@"^MG[0-9a-fA-F]{32}\z")]
    private static partial Regex Service();

    [GeneratedRegex(@"^(\+[1-9][0-9]{7,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})\z")]
    private static partial Regex Sender();
}
