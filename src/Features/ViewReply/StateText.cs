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
        Features.Delivery.Failed => $"The text message was not delivered. {DeliveryWords.Reason(conversation.DeliveryFailure)} {DeliveryWords.NextStep(conversation.DeliveryFailure)}",
        _ => "We cannot tell whether this message arrived. Check with the patient.",
    };

    public static bool IsPending(Conversation conversation) =>
        conversation.Delivery is Features.Delivery.Queued or Features.Delivery.Sending && IsWanted(conversation);

    public static bool IsTrouble(Conversation conversation) => conversation.Delivery is Features.Delivery.Failed or Features.Delivery.Unknown;

    /// <summary>What the patient's link can do.</summary>
    public static string Link(ConversationView view) => view.Link switch
    {
        _ when view.Conversation.IsUndone => "You undid this message before it left. The patient did not get it.",
        null => "No reply was asked for.",
        LinkState.Open when view.Conversation.Delivery == Features.Delivery.Failed =>
            $"The patient has no link that works before you send the message again. It could be answered until {UkTime.Format(view.Conversation.Deadline)}.",
        LinkState.Open when view.Conversation.Delivery == Features.Delivery.Unknown =>
            $"If it arrived, the patient can reply until {UkTime.Format(view.Conversation.Deadline)}.",
        LinkState.Open => $"Waiting for a reply until {UkTime.Format(view.Conversation.Deadline)}.",
        LinkState.Locked when view.OffersUnlock => $"The link is locked: a wrong date of birth was entered {Conversation.DateOfBirthTries} times. Check with the patient that it was them and that the date of birth on the record is right. Then you can unlock the link.",
        LinkState.Locked => $"The link is locked: a wrong date of birth was entered {Conversation.DateOfBirthTries} times. It was unlocked {view.Conversation.Unlocks} times, which is the most. Check the date of birth on the record, cancel this request and send a new message.",
        LinkState.Used => "The patient has replied. The link no longer works.",
        LinkState.Cancelled => "This request was cancelled. The link no longer works.",
        _ when view.Conversation.Delivery == Features.Delivery.Failed =>
            $"The time to reply ended on {UkTime.Format(view.Conversation.Deadline)}. Ask again if you still need an answer.",
        _ => $"The patient did not reply in time. The link stopped working on {UkTime.Format(view.Conversation.Deadline)}. Ask again if you still need an answer.",
    };

    /// <summary>What to do about a link that was asked for; of a locked one the page says that anyway.</summary>
    public static string NewLink(ConversationView view) => view.Link == LinkState.Locked ? ""
        : "If you still need an answer, ask again below: the patient gets a new message with a new link. Or mark this as done.";

    private static bool IsWanted(Conversation conversation) =>
        conversation.Status is ConversationStatus.OneWay or ConversationStatus.Open or ConversationStatus.Locked;
}
