using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Features;

/// <summary>Why a text message did not arrive, and what to do about it.</summary>
public static class DeliveryWords
{
    public static string Reason(SmsFailure? reason) => reason switch
    {
        SmsFailure.WrongNumber => "The number is not in use.",
        SmsFailure.NotAMobile => "The number is not a mobile number.",
        SmsFailure.OptedOut => "The patient has stopped text messages from this service.",
        SmsFailure.Unreachable => "The phone was off, out of reach or full.",
        SmsFailure.Blocked => "The mobile network blocked it.",
        SmsFailure.GaveUp => "It could not be handed to the mobile network in time.",
        SmsFailure.NotTaken => "The number is not in use, or the mobile network refused it.",
        SmsFailure.Technical => "Something went wrong on the way to the mobile network.",
        SmsFailure.DailyLimit => "Your organisation has sent as many text messages as it may in a day.",
        _ => "The mobile network did not say why.",
    };

    /// <summary>What the requester can do about it.</summary>
    public static string NextStep(SmsFailure? reason) => reason switch
    {
        SmsFailure.WrongNumber or SmsFailure.NotAMobile or SmsFailure.NotTaken => "Check the number with the patient, then send the message again to the right one.",
        SmsFailure.OptedOut => "Contact them in another way.",
        SmsFailure.Unreachable => "Send it again later, or contact the patient in another way.",
        SmsFailure.Blocked => "Contact the patient in another way, or send it again later.",
        SmsFailure.DailyLimit => "Send it again tomorrow, or contact the patient in another way.",
        SmsFailure.GaveUp or SmsFailure.Technical => "Send it again, or contact the patient in another way.",
        _ => "Check the number, then send it again or contact the patient in another way.",
    };
}
