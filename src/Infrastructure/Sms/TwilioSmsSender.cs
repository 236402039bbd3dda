using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Twilio's Programmable Messaging (https://www.twilio.com/docs/messaging/api/message-resource). It has no key against
/// sending twice, so whoever cannot tell whether a call arrived has to look it up.</summary>
public sealed class TwilioSmsSender(
    HttpClient http, IOptions<TwilioOptions> options, PublicAddress address, TimeProvider time, ILogger<TwilioSmsSender> logger) : ISmsSender
{
    /// <summary>How long one call may take: much shorter than a worker's lease.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What waits longer at Twilio than we would ourselves fails there, and we are told.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromHours(4);

    /// <summary>Twilio's clock may be behind ours by so much.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    public bool KeepsList => true;

    private string Messages => $"{options.Value.BaseUrl.TrimEnd('/')}/2010-04-01/Accounts/{options.Value.AccountSid}/Messages.json";

    public async Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        using var form = new WatchedForm(Fields(sms));
        var answer = await AskAsync(new HttpRequestMessage(HttpMethod.Post, Messages) { Content = form }, cancellation);
        // Where not one byte of the form left us, nothing can have been sent.
        return answer?.Outcome(logger) ?? (form.HasBegunToLeave ? new SmsOutcome.Unknown(CanBeLookedUp: true) : new SmsOutcome.Transient());
    }

    /// <summary>Newest first, the list of one number. It is not asked by date: Twilio's dates are of the sending, and what waits has none.</summary>
    public async Task<SmsNews?> LookUpAsync(SmsSearch search, CancellationToken cancellation)
    {
        var list = new Uri($"{Messages}?To={Uri.EscapeDataString(search.To)}&PageSize=100");
        var answer = await AskAsync(new HttpRequestMessage(HttpMethod.Get, list), cancellation);
        var news = answer?.Listed(logger).Where(message => IsIt(message, search)).Select(message => message.News).Distinct().ToList() ?? [];
        // Two that could be meant and fared differently: it is certain only that it went.
        return news.Count switch { 0 => null, 1 => news[0], _ => new(SmsReport.Sent) };
    }

    private static bool IsIt(TwilioMessage message, SmsSearch search) =>
        message.Body == search.Text && message.Direction != "inbound" && message.Created >= search.Since - ClockDifference
        && !search.Others.Contains(message.Sid);

    private Dictionary<string, string> Fields(OutgoingSms sms)
    {
        var fields = new Dictionary<string, string>
        {
            ["To"] = sms.To,
            ["Body"] = sms.Text,
            // What the clinician saw and what is counted goes out, letter by letter; and so it is found in the list.
            ["SmartEncoded"] = "false",
            ["StatusCallback"] = address.TwilioReports(sms.ConversationId, sms.AttemptId),
            ["ValidityPeriod"] = Validity.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        };
        if (sms.SenderName is null && options.Value.MessagingServiceSid is { Length: > 0 } service)
            fields["MessagingServiceSid"] = service;
        else
            fields["From"] = sms.SenderName ?? options.Value.From;
        return fields;
    }

    /// <summary>Null when there was no answer, or none that could be read to its end.</summary>
    private async Task<TwilioAnswer?> AskAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return await TwilioAnswer.ReadAsync(response, time.GetUtcNow());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            request.Dispose();
        }
    }

    private sealed class WatchedForm(Dictionary<string, string> fields) : FormUrlEncodedContent(fields)
    {
        public bool HasBegunToLeave { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            HasBegunToLeave = true;
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}
