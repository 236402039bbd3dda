using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ViewReply;

/// <summary>What the conversation page shows.</summary>
/// <param name="Done">What was just done, as a word of ours; other words mean nothing.</param>
/// <param name="Refusal">Why the button that was pressed did nothing.</param>
public sealed record ConversationView(
    Conversation Conversation, IReadOnlyList<StoredEvent> History, DateTimeOffset Now, string? Done, string? Refusal)
{
    public string Address => $"/conversations/{Conversation.Id:N}";

    /// <summary>The SMS as the patient has it, but for the code in its link: that is the patient's alone.</summary>
    public string Sms => Conversation.Token is { } token ? Conversation.Sms.Replace(token, "…", StringComparison.Ordinal) : Conversation.Sms;

    public bool OffersCancel => Link is LinkState.Open or LinkState.Locked;

    public bool OffersUnlock => Link == LinkState.Locked && Conversation.Unlocks < Conversation.MaxUnlocks;

    public bool OffersSendAgain => Conversation.AllowsResponse
        ? Link == LinkState.Open && Conversation.Delivery is not (Delivery.Queued or Delivery.Sending)
        : Conversation.Delivery is Delivery.Failed or Delivery.Unknown;

    public bool OffersNothing => !OffersCancel && !OffersUnlock && !OffersSendAgain;

    /// <summary>Null where there is none.</summary>
    public LinkState? Link => Conversation.AllowsResponse ? Conversation.LinkAt(Now) : null;

    public string? DoneText => Done switch
    {
        "cancelled" => "The request is cancelled. The link no longer works.",
        "unlocked" => "The link works again, with five more tries. Tell the patient to open it again.",
        "sent-again" when Link is not null => "The message is being sent again with a new link. The old link no longer works.",
        "sent-again" => "The message is being sent again.",
        _ => null,
    };
}
