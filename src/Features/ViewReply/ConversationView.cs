using PatientResponse.Features.Composing;
using PatientResponse.Features.Desk;
using PatientResponse.Features.DownloadReply;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.ViewReply;

/// <summary>What the conversation page shows.</summary>
/// <param name="Thread">All of the requester's conversations with the patient, this one among them.</param>
/// <param name="Done">What was just done, as a word of ours; other words mean nothing.</param>
/// <param name="Refused">Why the button that was pressed did nothing, and beside which field that stands.</param>
/// <param name="TypedMobile">Kept when it was refused.</param>
public sealed record ConversationView(
    Conversation Conversation, IReadOnlyList<StoredEvent> History, DateTimeOffset Now, string? Done, FieldError? Refused,
    PatientThread Thread, string TypedMobile = "")
{
    public string Address => AddressOf(Conversation);

    /// <summary>The list beside it; null where the desk is there already.</summary>
    public DeskList? List { get; init; }

    /// <summary>To begin a further message with.</summary>
    public IReadOnlyList<Template> Templates { get; init; } = [];

    /// <summary>Messages to the patient that the clinician began and did not send, the newest first.</summary>
    public IReadOnlyList<BegunMessage> Begun { get; init; } = [];

    /// <summary>How long a text message waits before it leaves.</summary>
    public UndoTime Undo { get; init; } = new(TimeSpan.Zero);

    /// <summary>Also after that time, while the text message has not left.</summary>
    public bool OffersUndo => Undo.Length > TimeSpan.Zero && Conversation.CanBeUndone && Link is null or LinkState.Open or LinkState.Locked;

    /// <summary>Seconds; 0 when the time is over.</summary>
    public int UndoLeft => Math.Max(0, (int)Math.Ceiling((Conversation.QueuedAt + Undo.Length - Now).TotalSeconds));

    /// <summary>Nothing is to be done here: on to whoever is next.</summary>
    public bool OffersNextPatient => Conversation is { Reply: null, IsDone: false, ToDo: ToDo.Nothing };

    /// <summary>The SMS as the patient has it, but for the code in its link: that is the patient's alone.</summary>
    public string Sms => Conversation.Token is { } token ? Conversation.Sms.Replace(token, "…", StringComparison.Ordinal) : Conversation.Sms;

    /// <summary>The SMS is still with us: what becomes of it is worth waiting for.</summary>
    public bool DeliveryIsPending => Conversation.Reply is null && StateText.IsPending(Conversation);

    public bool OffersCancel => Link is LinkState.Open or LinkState.Locked;

    public bool OffersUnlock => Link == LinkState.Locked && Conversation.Unlocks < Conversation.MaxUnlocks;

    public bool OffersSendAgain => Conversation.AllowsResponse
        ? Link == LinkState.Open && Conversation.Delivery is not (Delivery.Queued or Delivery.Sending)
        : Conversation.Delivery is Delivery.Failed or Delivery.Unknown;

    public bool OffersDone => Conversation is { IsDone: false, IsUndone: false } && (Conversation.IsOverAt(Now) || Conversation.ToDo != ToDo.Nothing);

    /// <summary>A new link was asked for, and neither unlocked nor asked again since.</summary>
    public DateTimeOffset? WantsNewLinkSince => Conversation.WantsNewLink ? Conversation.NewLinkAskedAt : null;

    /// <summary>Null where there is none.</summary>
    public LinkState? Link => Conversation.AllowsResponse ? Conversation.LinkAt(Now) : null;

    /// <summary>For the patient's record, as the zip has it beside the files.</summary>
    public string RecordText => ReplyText.Of(Conversation, [.. (Conversation.Reply?.Files ?? []).Select(file => file.Name)]).ReplaceLineEndings("\n");

    /// <summary>The error summary leads to the field, or to the buttons.</summary>
    public IReadOnlyList<FieldError> Errors => Refused is null ? [] : [Refused.Field == "" ? Refused with { Field = "bar" } : Refused];

    public string? DoneText => Done switch
    {
        "cancelled" => "The request is cancelled. The link no longer works.",
        "unlocked" => "The link works again, with five more tries. Tell the patient to open it again.",
        "sent-again" when Link is not null => "The message is being sent again with a new link. The old link no longer works.",
        "sent-again" => "The message is being sent again.",
        "not-sent-again" when Conversation.UndoneSms > 0 => "Undone: the message was not sent again. All is as it was before.",
        "done" when Conversation.IsDone => "Marked as done.",
        "next" => "The one before is done. This is the next one.",
        "saved" when Conversation.IsSavedToRecord => "Marked as saved to the record.",
        "not-saved" when !Conversation.IsSavedToRecord => "Marked as not saved to the record.",
        "not-done" when !Conversation.IsDone => "Marked as not done.",
        _ => null,
    };

    public static string AddressOf(Conversation conversation) => $"/conversations/{conversation.Id:N}";
}

/// <summary>One conversation as the thread shows it.</summary>
/// <param name="Opened">What the page is about, in the one that it is about; null in the others.</param>
public sealed record Exchange(Conversation Conversation, DateTimeOffset Now, ConversationView? Opened);
