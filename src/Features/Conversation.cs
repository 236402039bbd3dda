using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

// Stored by number: new ones are added at the end.

public enum ConversationStatus { OneWay, Open, Locked, Replied, Cancelled, Expired, Undone }

public enum Delivery { Queued, Sending, Sent, Failed, Unknown, Delivered }

public enum LinkState { Open, Used, Expired, Locked, Cancelled, Replaced }

/// <summary>What the requester still has to deal with.</summary>
public enum ToDo { Nothing, Reply, NotDelivered, CannotTell, Locked, NewLink }

/// <summary>A message to a patient and what came of it. State only; the slices decide.</summary>
public sealed class Conversation : IAggregate
{
    /// <summary>Seven days, from the moment of sending, whatever the clocks do.</summary>
    public static readonly TimeSpan TimeToReply = TimeSpan.FromSeconds(604_800);

    /// <summary>A reply that began before the deadline may take this long to arrive.</summary>
    public static readonly TimeSpan TimeToUpload = TimeSpan.FromMinutes(15);

    /// <summary>Wrong dates of birth that a link bears, and that each unlock gives anew.</summary>
    public const int DateOfBirthTries = 5;

    public const int MaxUnlocks = 2;

    private readonly HashSet<string> _wrongDates = [];
    private readonly Dictionary<Guid, Delivery> _attempts = [];
    private readonly Dictionary<Guid, SmsFailure> _failures = [];

    /// <summary>The newer conversations that deal with this one, and whether a new link was wanted before.</summary>
    private readonly Dictionary<Guid, bool> _answeredIn = [];
    private readonly HashSet<Guid> _askedAgainIn = [];

    /// <summary>How it stood before the SMS was last queued; null where that was the first time.</summary>
    private Standing? _before;
    private string _queuedMobile = "";

    /// <summary>Of its stream; Marten sets it too.</summary>
    public Guid Id { get; set; }

    public MessageSent Sent { get; private set; } = null!;

    /// <summary>Who may open it: who wrote the message, or whom it was handed over to since.</summary>
    public string RequesterId { get; private set; } = "";
    public string Sms { get; private set; } = "";
    public string? Token { get; private set; }
    public int SmsCount { get; private set; }

    /// <summary>When the SMS was last queued.</summary>
    public DateTimeOffset QueuedAt { get; private set; }

    /// <summary>Which of the sendings, counted from 1, was taken back last; 0 where none was.</summary>
    public int UndoneSms { get; private set; }

    /// <summary>Where the SMS goes, in E.164.</summary>
    public string Mobile { get; private set; } = "";

    /// <summary>Where it went first.</summary>
    public string FirstMobile { get; private set; } = "";

    /// <summary>The number that was typed for it, as people write it; empty where it goes to the patient's own.</summary>
    public string TypedMobile => IsToAnother && UkMobile.TryParse(Mobile, out var typed, out _) ? typed.ToString() : "";

    /// <summary>It is, or was, not the patient's own as the directory has it.</summary>
    public bool IsToAnother => Mobile != Patient.Mobile;
    public Delivery Delivery { get; private set; }
    public SmsFailure? DeliveryFailure { get; private set; }

    /// <summary>The attempt that was begun and whose outcome is not known yet.</summary>
    public Guid? OpenAttempt { get; private set; }

    /// <summary>The newest attempt since the SMS was last queued; what older ones come to changes nothing.</summary>
    public Guid LastAttempt { get; private set; }

    public ConversationStatus Status { get; private set; }
    public int Unlocks { get; private set; }
    public ReplyUploaded? Reply { get; private set; }

    /// <summary>Something happened that the requester has not seen.</summary>
    public bool IsUnseen { get; private set; }

    /// <summary>The requester has dealt with it.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The requester has written to the patient again since.</summary>
    public bool IsAnswered
    {
        get;
        private set
        {
            field = value;
            if (!value)
                _answeredIn.Clear();
        }
    }

    /// <summary>The requester says that it is in the patient's record.</summary>
    public bool IsSavedToRecord { get; private set; }

    /// <summary>The requester asked again in a newer message: whoever opens this link is told so.</summary>
    public bool IsAskedAgain => _askedAgainIn.Count > 0;

    /// <summary>When what the requester reads of it in a list happened.</summary>
    public DateTimeOffset HappenedAt { get; private set; }

    /// <summary>When a new link was last asked for.</summary>
    public DateTimeOffset? NewLinkAskedAt { get; private set; }

    /// <summary>A new link was asked for, and nothing came of it yet.</summary>
    public bool WantsNewLink { get; private set; }

    /// <summary>A mail about this conversation could not be sent.</summary>
    public bool WasNotEmailed { get; private set; }

    public bool HasUnreadReply => Status == ConversationStatus.Replied && IsUnseen;

    /// <summary>Seeing it changes nothing of this; a deadline that passes does not either: see <see cref="HasNoAnswerAt"/>.</summary>
    public ToDo ToDo => this switch
    {
        { IsDone: true } or { IsAnswered: true } or { Status: ConversationStatus.Cancelled or ConversationStatus.Undone } => ToDo.Nothing,
        { Status: ConversationStatus.Replied } => ToDo.Reply,
        { WantsNewLink: true } => ToDo.NewLink,
        { Delivery: Delivery.Failed } => ToDo.NotDelivered,
        { Delivery: Delivery.Unknown } => ToDo.CannotTell,
        { Status: ConversationStatus.Locked } => ToDo.Locked,
        _ => ToDo.Nothing,
    };

    /// <summary>The time to reply ended, and the requester has not said yet what becomes of it.</summary>
    public bool HasNoAnswerAt(DateTimeOffset now) =>
        AllowsResponse && !IsDone && !IsAnswered && ToDo == ToDo.Nothing && LinkAt(now) == LinkState.Expired;

    /// <summary>It was taken back before it left: the patient never had it.</summary>
    public bool IsUndone => Status == ConversationStatus.Undone;

    /// <summary>The SMS is with us and no attempt at it is open: what is taken back now certainly does not leave.</summary>
    public bool CanBeUndone =>
        Delivery == Delivery.Queued && OpenAttempt is null && Status is ConversationStatus.OneWay or ConversationStatus.Open or ConversationStatus.Locked;

    /// <summary>Files of the reply that nobody can open before they are scanned.</summary>
    public bool HasWaitingFiles => Reply?.Files.Any(file => file.Scan == FileScan.Waiting) == true;

    /// <summary>Where a message that was undone is written again, from its own words.</summary>
    public string AddressToWriteAgain => $"/patients/{Patient.PatientId}/message?undone={Id:N}{(Sent.Follows is { } earlier ? $"&follows={earlier:N}" : "")}";

    public PatientSnapshot Patient => Sent.Patient;
    public bool AllowsResponse => Token is not null;
    public DateTimeOffset Deadline => Sent.At + TimeToReply;
    public int TriesLeft => DateOfBirthTries - _wrongDates.Count;

    /// <summary>What an attempt came to; null when this conversation has no such attempt.</summary>
    public Delivery? OutcomeOf(Guid attempt) => _attempts.TryGetValue(attempt, out var outcome) ? outcome : null;

    /// <summary>It can neither be answered any more nor is it on its way.</summary>
    public bool IsOverAt(DateTimeOffset now) => IsUndone || AllowsResponse
        ? LinkAt(now) is LinkState.Used or LinkState.Cancelled or LinkState.Expired
        : Delivery is not (Delivery.Queued or Delivery.Sending);

    public bool WasRefused(string fingerprint) => _wrongDates.Contains(fingerprint);

    /// <summary>What the link that ends in <paramref name="token"/> can do at this instant.</summary>
    public LinkState LinkAt(DateTimeOffset now, string? token = null) => Status switch
    {
        ConversationStatus.Replied => LinkState.Used,
        ConversationStatus.Cancelled or ConversationStatus.Undone => LinkState.Cancelled,
        ConversationStatus.Expired => LinkState.Expired,
        _ when now >= Deadline => LinkState.Expired,
        _ when token is not null && token != Token => LinkState.Replaced,
        ConversationStatus.Locked => LinkState.Locked,
        _ => LinkState.Open,
    };

    public void Apply(MessageSent e)
    {
        (Id, Sent, Mobile, FirstMobile, RequesterId) = (e.ConversationId, e, e.Patient.Mobile, e.Patient.Mobile, e.RequesterId);
        (Status, HappenedAt) = (e.Token is null ? ConversationStatus.OneWay : ConversationStatus.Open, e.At);
        Queue(e.Sms, e.Token, e.At);
    }

    public void Apply(SmsSentAgain e)
    {
        _before = new(Sms, Token, _queuedMobile, Delivery, DeliveryFailure, LastAttempt, HappenedAt, IsUnseen, IsDone, IsAnswered);
        (HappenedAt, IsDone, IsAnswered) = (e.At, false, false);
        Queue(e.Sms, e.Token, e.At);
    }

    public void Apply(SendingUndone _)
    {
        UndoneSms = SmsCount;
        if (_before is null)
            (Status, IsUnseen, WantsNewLink) = (ConversationStatus.Undone, false, false);
        else
            Restore(_before);
    }

    public void Apply(MobileCorrected e)
    {
        Mobile = e.Mobile;
        // It was typed with the message.
        if (SmsCount == 1 && Delivery == Delivery.Queued && LastAttempt == Guid.Empty)
            (FirstMobile, _queuedMobile) = (e.Mobile, e.Mobile);
    }

    public void Apply(SmsAttempted e)
    {
        LastAttempt = e.AttemptId;
        if (Settle(e.AttemptId, Delivery.Sending))
            OpenAttempt = e.AttemptId;
    }

    public void Apply(SmsAccepted e) => Settle(e.AttemptId, Delivery.Sent);

    public void Apply(SmsPostponed e) => Settle(e.AttemptId, Delivery.Queued);

    public void Apply(SmsDelivered e) => Settle(e.AttemptId, Delivery.Delivered);

    public void Apply(SmsFailed e)
    {
        _failures[e.AttemptId] = e.Reason;
        if (!Settle(e.AttemptId, Delivery.Failed))
            return;
        DeliveryFailure = e.Reason;
        Happened(e.At);
    }

    public void Apply(SmsUnknown e)
    {
        if (Settle(e.AttemptId, Delivery.Unknown))
            Happened(e.At);
    }

    public void Apply(DateOfBirthRefused e) => _wrongDates.Add(e.Fingerprint);

    public void Apply(LinkLocked e)
    {
        Status = ConversationStatus.Locked;
        Happened(e.At);
    }

    public void Apply(LinkUnlocked e)
    {
        (Status, WantsNewLink, HappenedAt, IsDone, IsAnswered) = (ConversationStatus.Open, false, e.At, false, false);
        Unlocks++;
        _wrongDates.Clear();
    }

    public void Apply(NewLinkAsked e)
    {
        (NewLinkAskedAt, WantsNewLink) = (e.At, true);
        Happened(e.At);
    }

    public void Apply(ReplyUploaded e)
    {
        (Status, Reply, WantsNewLink) = (ConversationStatus.Replied, e, false);
        Happened(e.At);
    }

    public void Apply(FileScanned e)
    {
        Mark(e.FileId, FileScan.Clean);
        // The reply was perhaps read without them. Already marked as done: nobody is called back.
        if (!HasWaitingFiles && !IsDone)
            Happened(e.At);
    }

    public void Apply(FileFoundInfected e)
    {
        Mark(e.FileId, FileScan.Infected);
        Happened(e.At);
    }

    public void Apply(ConversationCancelled e) => (Status, WantsNewLink, HappenedAt) = (ConversationStatus.Cancelled, false, e.At);

    public void Apply(ConversationExpired _)
    {
        Status = ConversationStatus.Expired;
        // Already dealt with, or told of otherwise: it is not called back when the end is written down.
        if (!IsDone && !IsAnswered && ToDo == ToDo.Nothing)
            (IsUnseen, HappenedAt) = (true, Deadline);
    }

    public void Apply(ConversationOpened _) => IsUnseen = false;

    public void Apply(ConversationDone _) => (IsDone, IsUnseen, WantsNewLink) = (true, false, false);

    public void Apply(ConversationReopened _) => (IsDone, IsAnswered) = (false, false);

    public void Apply(SavedToRecord _) => IsSavedToRecord = true;

    public void Apply(NotSavedToRecord _) => IsSavedToRecord = false;

    public void Apply(ConversationAnswered e)
    {
        if (e.AskedAgain)
            _askedAgainIn.Add(e.In);
        // What nobody has seen was not answered.
        if (HasUnreadReply)
            return;
        _answeredIn[e.In] = WantsNewLink;
        (IsAnswered, IsUnseen, WantsNewLink) = (true, false, false);
    }

    public void Apply(AnswerUndone e)
    {
        _askedAgainIn.Remove(e.In);
        // What has happened since stands as it is.
        if (!_answeredIn.Remove(e.In, out var wantedNewLink))
            return;
        (IsAnswered, WantsNewLink) = (_answeredIn.Count > 0, WantsNewLink || wantedNewLink);
    }

    // Its new requester has not seen it yet.
    public void Apply(ConversationHandedOver e) => (RequesterId, IsUnseen) = (e.ToId, true);

    public void Apply(RequesterNotEmailed _) => WasNotEmailed = true;

    public IEnumerable<ProjectedRow> Project() => ConversationSummary.Rows(this);

    public void Forget(Marten.IDocumentOperations operations, Guid id)
    {
        operations.Delete<ConversationRow>(id);
        operations.DeleteWhere<ConversationLink>(link => link.Stream == id);
    }

    /// <summary>Something that the requester has to look at, whatever they did before.</summary>
    private void Happened(DateTimeOffset at) => (HappenedAt, IsUnseen, IsDone, IsAnswered) = (at, true, false, false);

    private void Queue(string sms, string? token, DateTimeOffset at)
    {
        (Sms, Token, SmsCount, QueuedAt, _queuedMobile) = (sms, token, SmsCount + 1, at, Mobile);
        (Delivery, DeliveryFailure, OpenAttempt, LastAttempt) = (Delivery.Queued, null, null, Guid.Empty);
    }

    /// <summary>As if it had not been sent again; what was reported meanwhile of the sending before counts.</summary>
    private void Restore(Standing before)
    {
        (Sms, Token, Mobile, _queuedMobile) = (before.Sms, before.Token, before.Mobile, before.Mobile);
        (HappenedAt, IsUnseen, IsDone, IsAnswered) = (before.HappenedAt, before.IsUnseen, before.IsDone, before.IsAnswered);
        (Delivery, OpenAttempt, LastAttempt) = (_attempts.GetValueOrDefault(before.LastAttempt, before.Delivery), null, before.LastAttempt);
        DeliveryFailure = Delivery == Delivery.Failed ? _failures.GetValueOrDefault(before.LastAttempt, before.Failure ?? SmsFailure.Other) : null;
        _before = null;
    }

    private void Mark(Guid file, FileScan scan) =>
        Reply = Reply! with { Files = [.. Reply.Files.Select(held => held.Id == file ? held with { Scan = scan } : held)] };

    /// <summary>Notes what an attempt came to. False for an older one, which does not say how the conversation stands.</summary>
    private bool Settle(Guid attempt, Delivery outcome)
    {
        _attempts[attempt] = outcome;
        if (attempt != LastAttempt)
            return false;
        // The failure was the only news, and it is settled.
        if (Delivery is Delivery.Failed or Delivery.Unknown && Status is ConversationStatus.OneWay or ConversationStatus.Open)
            IsUnseen = false;
        (Delivery, DeliveryFailure, OpenAttempt) = (outcome, null, null);
        return true;
    }

    private sealed record Standing(
        string Sms, string? Token, string Mobile, Delivery Delivery, SmsFailure? Failure, Guid LastAttempt, DateTimeOffset HappenedAt, bool IsUnseen, bool IsDone, bool IsAnswered);
}
