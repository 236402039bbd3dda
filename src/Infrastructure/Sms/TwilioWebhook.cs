using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Reads what Twilio reports and leaves out what it did not sign.</summary>
public sealed class TwilioWebhook(IOptions<TwilioOptions> options, PublicAddress address)
{
    /// <summary>Whether Twilio sent this to our public address. The request's own host is never asked.</summary>
    public async Task<bool> IsGenuineAsync(HttpRequest request) =>
        request.Headers[TwilioSignature.Header] is [{ Length: > 0 } signature]
        && TwilioSignature.Verifies(
            signature, options.Value.AuthToken, $"{address.Root}{request.Path}{request.QueryString}", await request.FormOrEmptyAsync());

    /// <summary>What a report of an outgoing SMS says; null where it says nothing of that kind.</summary>
    public static SmsNews? Read(IFormCollection form) =>
        TwilioStatus.News(form.Text("MessageStatus"), int.TryParse(form.Text("ErrorCode"), out var code) ? code : null);
}
