using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Hosting;
using Twilio.Exceptions;
using Twilio.Rest.Api.V2010.Account;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Twilio's Programmable Messaging (https://www.twilio.com/docs/messaging/api/message-resource). It has no key against
/// sending twice, so whoever cannot tell whether a call arrived has to look it up. Only Twilio's status and codes are ever logged.</summary>
public sealed partial class TwilioSmsSender(
    HttpClient http, IOptions<TwilioOptions> options, PublicAddress address, TimeProvider time, ILogger<TwilioSmsSender> logger) : ISmsSender
{
    /// <summary>How long one call may take: a worker waits for it.</summary>
    public static readonly TimeSpan Patience = TwilioCall.Patience;

    /// <summary>What waits longer at Twilio than we would ourselves fails there, and we are told.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromHours(4);

    /// <summary>Twilio's clock may be behind ours by so much.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    public bool KeepsList => true;

    public async Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        var call = new TwilioCall(http, options.Value, time, cancellation);
        try
        {
            return Outcome(call, await MessageResource.CreateAsync(Fields(sms), call.Client));
        }
        catch (TwilioException e)
        {
            return Outcome(call, e);
        }
    }

    /// <summary>Newest first, the list of one number. It is not asked by date: Twilio's dates are of the sending, and what waits has none.</summary>
    public async Task<SmsNews?> LookUpAsync(SmsSearch search, CancellationToken cancellation)
    {
        var call = new TwilioCall(http, options.Value, time, cancellation);
        try
        {
            var list = await MessageResource.ReadAsync(new ReadMessageOptions { To = search.To, PageSize = 100 }, call.Client);
            list.AutoPaging = false; // Further pages would be fetched while they are counted, and by no cancellation.
            var news = list.Where(message => IsIt(message, search)).Select(News).OfType<SmsNews>().Distinct().ToList();
            // Two that could be meant and fared differently: it is certain only that it went.
            return (call.IsSuccess, news.Count) switch { (false, _) or (_, 0) => null, (_, 1) => news[0], _ => new(SmsReport.Sent) };
        }
        catch (Exception e) when (e is TwilioException || call.Status is not null) // A list that it cannot read fails in the library in many ways.
        {
            NoteOurMistake(call, e);
            return null;
        }
    }

    /// <summary>What Twilio says that it took.</summary>
    private static SmsOutcome Outcome(TwilioCall call, MessageResource? message)
    {
        if (!call.IsSuccess || message?.Sid is not { } sid || !MessageSid().IsMatch(sid))
            return new SmsOutcome.Unknown(CanBeLookedUp: true);
        return News(message) is { Report: SmsReport.Failed } news ? new SmsOutcome.Accepted(sid, news.Report, news.Reason) : new SmsOutcome.Accepted(sid);
    }

    /// <summary>Whatever does not say for certain that nothing was sent is unknown.</summary>
    private SmsOutcome Outcome(TwilioCall call, Exception e)
    {
        NoteOurMistake(call, e);
        return (call.Status, Code(e)) switch
        {
            (null, _) => call.HasBegunToLeave ? new SmsOutcome.Unknown(CanBeLookedUp: true) : new SmsOutcome.Transient(),
            (HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized, _) => new SmsOutcome.Transient(call.RetryAfter),
            (HttpStatusCode.ServiceUnavailable, not null) => new SmsOutcome.Transient(call.RetryAfter),
            ({ } status, { } code) when IsRefusal(status) => TwilioStatus.IsOurMistake(code) || TwilioStatus.IsBusy(code)
                ? new SmsOutcome.Transient(call.RetryAfter) : new SmsOutcome.Permanent(TwilioStatus.Reason(code)),
            _ => new SmsOutcome.Unknown(CanBeLookedUp: true),
        };
    }

    /// <summary>Not the patient's fault and not the clinician's: whoever runs this has to know.</summary>
    private void NoteOurMistake(TwilioCall call, Exception e)
    {
        if (call.Status is { } status && (status == HttpStatusCode.Unauthorized || (IsRefusal(status) && Code(e) is { } code && TwilioStatus.IsOurMistake(code))))
            logger.LogError("Twilio refuses this installation's account or settings: HTTP {Status}, code {Code}. Text messages wait", (int)status, Code(e));
    }

    /// <summary>Of Twilio's own error body; the library's 0 is no code.</summary>
    private static int? Code(Exception e) => e is ApiException { Code: not 0 and var code } ? code : null;

    private static bool IsRefusal(HttpStatusCode status) => (int)status is >= 400 and < 500;

    private static SmsNews? News(MessageResource message) => TwilioStatus.News(message.Status?.ToString(), message.ErrorCode);

    private static bool IsIt(MessageResource message, SmsSearch search) =>
        message.Sid is { } sid && !search.Others.Contains(sid) && message.Body == search.Text && message.Direction != MessageResource.DirectionEnum.Inbound
        && message.DateCreated is { } created && new DateTimeOffset(InUtc(created)) >= search.Since - ClockDifference;

    /// <summary>The library reads a date with an offset into this machine's own time.</summary>
    private static DateTime InUtc(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);

    private CreateMessageOptions Fields(OutgoingSms sms)
    {
        var fields = new CreateMessageOptions(sms.To)
        {
            Body = sms.Text,
            // What the clinician saw and what is counted goes out, letter by letter; and so it is found in the list.
            SmartEncoded = false,
            StatusCallback = new(address.TwilioReports(sms.ConversationId, sms.AttemptId)),
            ValidityPeriod = (int)Validity.TotalSeconds,
        };
        if (sms.SenderName is null && options.Value.MessagingServiceSid is { Length: > 0 } service)
            fields.MessagingServiceSid = service;
        else
            fields.From = sms.SenderName ?? options.Value.From;
        return fields;
    }

    [GeneratedRegex(@"^(SM|MM)[0-9a-fA-F]{32}\z")]
    private static partial Regex MessageSid();
}
