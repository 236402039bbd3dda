using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.ViewReply;

/// <summary>What the conversation page shows.</summary>
/// <param name="Thread">The conversations before and after this one.</param>
/// <param name="Done">What was just done, as a word of ours; other words mean nothing.</param>
/// <param name="Refused">Why the button that was pressed did nothing, and beside which field that stands.</param>
/// <param name="TypedMobile">Kept when it was refused.</param>
public sealed record ConversationView(
    Conversation Conversation, IReadOnlyList<StoredEvent> History, DateTimeOffset Now, string? Done, FieldError? Refused,
    ConversationThread Thread, string TypedMobile = "")
{
    public string Address => $"/conversations/{Conversation.Id:N}";

    /// <summary>The SMS as the patient has it, but for the code in its link: that is the patient's alone.</summary>
    public string Sms => Conversation.Token is { } token ? Conversation.Sms.Replace(token, "…", StringComparison.Ordinal) : Conversation.Sms;

    /// <summary>The SMS is still with us: what becomes of it is worth waiting for.</summary>
    public bool DeliveryIsPending => Conversation.Reply is null && StateText.IsPending(Conversation);

    public bool OffersCancel => Link is LinkState.Open or LinkState.Locked;

    public bool OffersUnlock => Link == LinkState.Locked && Conversation.Unlocks < Conversation.MaxUnlocks;

    public bool OffersSendAgain => Conversation.AllowsResponse
        ? Link == LinkState.Open && Conversation.Delivery is not (Delivery.Queued or Delivery.Sending)
        : Conversation.Delivery is Delivery.Failed or Delivery.Unknown;

    public bool OffersAskAgain => FollowUp.Obstacle(Conversation, Now) is null;

    public bool OffersDone => !Conversation.IsDone && Conversation.IsOverAt(Now);

    /// <summary>A new link was asked for, and neither unlocked nor asked again since.</summary>
    public DateTimeOffset? WantsNewLinkSince => Conversation.WantsNewLink && Thread.Later.Count == 0 ? Conversation.NewLinkAskedAt : null;

    public bool OffersNothing => !OffersCancel && !OffersUnlock && !OffersSendAgain && !OffersAskAgain && !OffersDone && !Conversation.IsDone;

    /// <summary>Null where there is none.</summary>
    public LinkState? Link => Conversation.AllowsResponse ? Conversation.LinkAt(Now) : null;

    /// <summary>The error summary leads to the field, or to the buttons.</summary>
    public IReadOnlyList<FieldError> Errors => Refused is null ? [] : [Refused.Field == "" ? Refused with { Field = "actions" } : Refused];

    public string? DoneText => Done switch
    {
        "cancelled" => "The request is cancelled. The link no longer works.",
        "unlocked" => "The link works again, with five more tries. Tell the patient to open it again.",
        "sent-again" when Link is not null => "The message is being sent again with a new link. The old link no longer works.",
        "sent-again" => "The message is being sent again.",
        "done" when Conversation.IsDone => "Marked as done.",
        "not-done" when !Conversation.IsDone => "Marked as not done.",
        _ => null,
    };
}

/// <param name="Earlier">Those that this one follows, the oldest first.</param>
/// <param name="Later">Those that follow this one.</param>
/// <param name="Unreadable">The earlier one that is damaged; what came before it is not known.</param>
public sealed record ConversationThread(IReadOnlyList<Conversation> Earlier, IReadOnlyList<ConversationSummary> Later, string? Unreadable = null)
{
    public static readonly ConversationThread None = new([], []);
}
