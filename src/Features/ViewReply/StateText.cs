using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.ViewReply;

/// <summary>How things stand, and what to do next, in words.</summary>
public static class StateText
{
    /// <summary>What became of the text message.</summary>
    public static string Delivery(Conversation conversation) => conversation.Delivery switch
    {
        Features.Delivery.Queued when !IsWanted(conversation) => "The text message had not been sent by then, and will not be.",
        Features.Delivery.Queued => "The text message is waiting to be sent.",
        Features.Delivery.Sending => "The text message is being sent.",
        Features.Delivery.Sent => "The text message was sent. The mobile network has not said yet whether the phone has it.",
        Features.Delivery.Delivered => "The text message was delivered.",
        Features.Delivery.Failed => $"The text message was not delivered. {Reason(conversation.DeliveryFailure)} {NextStep(conversation.DeliveryFailure)}",
        _ => "We cannot tell whether this message arrived. Check with the patient.",
    };

    public static bool IsPending(Conversation conversation) =>
        conversation.Delivery is Features.Delivery.Queued or Features.Delivery.Sending && IsWanted(conversation);

    public static bool IsTrouble(Conversation conversation) => conversation.Delivery is Features.Delivery.Failed or Features.Delivery.Unknown;

    /// <summary>What the patient's link can do.</summary>
    public static string Link(ConversationView view) => view.Link switch
    {
        null => "No reply was asked for.",
        LinkState.Open => $"Waiting for a reply until {UkTime.Format(view.Conversation.Deadline)}.",
        LinkState.Locked when view.OffersUnlock => $"The link is locked: a wrong date of birth was entered {Conversation.DateOfBirthTries} times. Check with the patient that it was them and that the date of birth on the record is right. Then you can unlock the link.",
        LinkState.Locked => $"The link is locked: a wrong date of birth was entered {Conversation.DateOfBirthTries} times. It was unlocked {view.Conversation.Unlocks} times, which is the most. Check the date of birth on the record, cancel this request and send a new message.",
        LinkState.Used => "The patient has replied. The link no longer works.",
        LinkState.Cancelled => "This request was cancelled. The link no longer works.",
        _ => $"The patient did not reply in time. The link stopped working on {UkTime.Format(view.Conversation.Deadline)}. Send a new message if you still need an answer.",
    };

    /// <summary>What to do about a link that was asked for; of a locked one the page says that anyway.</summary>
    public static string NewLink(ConversationView view) => view.Link == LinkState.Locked ? ""
        : "If you still need an answer, press Ask again below: the patient gets a new message with a new link. Or mark this as done.";

    /// <summary>Why an SMS did not arrive.</summary>
    public static string Reason(SmsFailure? reason) => reason switch
    {
        SmsFailure.WrongNumber => "The number is not in use.",
        SmsFailure.NotAMobile => "The number is not a mobile number.",
        SmsFailure.OptedOut => "The patient has stopped text messages from this service.",
        SmsFailure.Unreachable => "The phone was off, out of reach or full.",
        SmsFailure.Blocked => "The mobile network blocked it.",
        SmsFailure.GaveUp => "It could not be handed to the mobile network in time.",
        _ => "The mobile network did not say why.",
    };

    /// <summary>What the requester can do about it.</summary>
    public static string NextStep(SmsFailure? reason) => reason switch
    {
        SmsFailure.WrongNumber or SmsFailure.NotAMobile => "Check the number with the patient, then send the message again to the right one.",
        SmsFailure.OptedOut => "Contact them in another way.",
        SmsFailure.Unreachable => "Send it again later, or contact the patient in another way.",
        SmsFailure.Blocked => "Contact the patient in another way, or send it again later.",
        SmsFailure.GaveUp => "Send it again, or contact the patient in another way.",
        _ => "Check the number, then send it again or contact the patient in another way.",
    };

    private static bool IsWanted(Conversation conversation) =>
        conversation.Status is ConversationStatus.OneWay or ConversationStatus.Open or ConversationStatus.Locked;
}
