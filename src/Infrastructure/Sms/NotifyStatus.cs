namespace PatientResponse.Infrastructure.Sms;

/// <summary>Notify's statuses of a text message (https://docs.notifications.service.gov.uk/rest-api.html) in our words.</summary>
public static class NotifyStatus
{
    /// <summary>Null for a status that says nothing of a text message.</summary>
    public static SmsNews? News(string? status) => status switch
    {
        // Whatever waits at Notify is out of our hands as well.
        "created" or "sending" or "pending" or "sent" => new(SmsReport.Sent),
        "delivered" => new(SmsReport.Delivered),
        "permanent-failure" => new(SmsReport.Failed, SmsFailure.NotTaken),
        "temporary-failure" => new(SmsReport.Failed, SmsFailure.Unreachable),
        "technical-failure" => new(SmsReport.Failed, SmsFailure.Technical),
        _ => null,
    };
}
