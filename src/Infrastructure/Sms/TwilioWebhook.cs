using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Reads what Twilio reports and leaves out what it did not sign.</summary>
public sealed class TwilioWebhook(IOptions<TwilioOptions> options, PublicAddress address)
{
    /// <summary>Whether Twilio sent this to our public address. The request's own host is never asked.</summary>
    public bool IsGenuine(HttpRequest request, IFormCollection form) =>
        request.Headers[TwilioSignature.Header] is [{ Length: > 0 } signature]
        && TwilioSignature.Verifies(
            signature, options.Value.AuthToken, $"{address.Root}{request.Path}{request.QueryString}", form);

    /// <summary>What a report of an outgoing SMS says; null where it says nothing of that kind.</summary>
    public static SmsNews? Read(IFormCollection form) =>
        TwilioStatus.News(form["MessageStatus"].FirstOrDefault(), int.TryParse(form["ErrorCode"].FirstOrDefault(), out var code) ? code : null);
}
