namespace PatientResponse.Infrastructure.Sms;

/// <summary>Twilio's statuses and error codes (https://www.twilio.com/docs/api/errors) in our words.</summary>
public static class TwilioStatus
{
    /// <summary>Null for a status that says nothing of an outgoing SMS.</summary>
    public static SmsNews? News(string? status, int? errorCode) => status switch
    {
        // Whatever waits at Twilio is out of our hands as well.
        "accepted" or "scheduled" or "queued" or "sending" or "sent" => new(SmsReport.Sent),
        "delivered" or "read" => new(SmsReport.Delivered),
        "undelivered" or "failed" or "canceled" => new(SmsReport.Failed, Reason(errorCode)),
        _ => null,
    };

    /// <summary>Why an SMS was refused or did not arrive.</summary>
    public static SmsFailure Reason(int? code) => code switch
    {
        21211 or 21217 or 21401 or 21421 or 30005 => SmsFailure.WrongNumber,
        21614 or 30006 => SmsFailure.NotAMobile,
        21610 => SmsFailure.OptedOut,
        30003 => SmsFailure.Unreachable,
        30004 or 30007 => SmsFailure.Blocked,
        30001 or 30036 => SmsFailure.GaveUp, // It waited for too long.
        _ => SmsFailure.Other,
    };

    /// <summary>Nothing is wrong with the SMS, but with the account, its credentials, its sender or our settings.</summary>
    public static bool IsOurMistake(int code) => code is
        20003 or 20005 or 20008 or 20403 or 20404 // account and credentials
        or 21212 or 21603 or 21606 or 21659 or 21660 or 21701 or 21703 or 21704 or 21705 // whom it is from
        or 21408 or 21608 or 21609 // what the account may do, where reports go
        or 30002; // suspended

    /// <summary>Too much at once.</summary>
    public static bool IsBusy(int code) => code is 14107 or 20429 or 21611;
}
