using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Features;

// What can happen to a conversation. Everything in these records is stored encrypted.

/// <param name="Follows">The earlier conversation with the same patient that this one asks again in.</param>
/// <param name="Neutral">The SMS says nothing of the practice or of health: the text is read only after the date of birth.</param>
/// <param name="Answers">The earlier conversations that it deals with, the followed one among them; null in what an earlier version stored.</param>
public sealed record MessageSent(
    Guid ConversationId, string Ref, string PracticeId, string RequesterId, string RequesterName, PatientSnapshot Patient,
    string Text, string Sms, string? Token, DateTimeOffset At, Guid? Follows = null, bool Neutral = false,
    IReadOnlyList<Guid>? Answers = null);

/// <summary>The patient as they were when the message was sent.</summary>
public sealed record PatientSnapshot(string PatientId, string Name, string NhsNumber, DateOnly DateOfBirth, string Mobile, bool IsTest);

/// <summary>The SMS goes out once more; where it has a link, a new one: the old link is dead.</summary>
public sealed record SmsSentAgain(string Sms, string? Token, DateTimeOffset At);

/// <summary>From now on this conversation goes to another number; right after the message, it does from the first. The patient directory is not changed.</summary>
/// <param name="Mobile">E.164.</param>
public sealed record MobileCorrected(string Mobile, DateTimeOffset At);

/// <summary>The requester took the message, or the last sending of it, back before it left.</summary>
public sealed record SendingUndone(DateTimeOffset At);

/// <summary>Committed before the provider is called: an attempt without an outcome may have reached the patient.</summary>
public sealed record SmsAttempted(Guid AttemptId, DateTimeOffset At);

/// <param name="ProviderId">Empty when a report said so, and not the call itself.</param>
public sealed record SmsAccepted(Guid AttemptId, string ProviderId, DateTimeOffset At);

/// <summary>The network says that the phone has it.</summary>
public sealed record SmsDelivered(Guid AttemptId, DateTimeOffset At);
public sealed record SmsPostponed(Guid AttemptId, DateTimeOffset At);
public sealed record SmsFailed(Guid AttemptId, SmsFailure Reason, DateTimeOffset At);

/// <summary>We cannot tell whether the SMS went; it is not sent again by itself.</summary>
public sealed record SmsUnknown(Guid AttemptId, DateTimeOffset At);

/// <param name="Fingerprint">A hash of the date: the same wrong date again costs no further try.</param>
public sealed record DateOfBirthRefused(string Fingerprint, DateTimeOffset At);
public sealed record LinkLocked(DateTimeOffset At);
public sealed record LinkUnlocked(DateTimeOffset At);

/// <summary>Somebody with a link that has expired or is locked asks for one that works.</summary>
public sealed record NewLinkAsked(DateTimeOffset At);

/// <param name="Language">The tag of the language that the patient's page was in.</param>
/// <param name="Proxy">Who wrote it for the patient; null when the patient did.</param>
public sealed record ReplyUploaded(
    Guid ReplyId, string Text, IReadOnlyList<ReplyFile> Files, string Fingerprint, DateTimeOffset At, string Language = "en", Proxy? Proxy = null);

/// <summary>Somebody who replies for a patient, in their own words: nobody has checked them.</summary>
public sealed record Proxy(string Name, string Relationship)
{
    public override string ToString() => $"{Name} ({Relationship})";
}

/// <param name="Sha256">In hex, of the file as it was sent.</param>
public sealed record ReplyFile(Guid Id, string Name, FileKind Kind, long Size, bool ActiveContent, string? Sha256 = null, FileScan Scan = FileScan.NotScanned);

/// <summary>A file that waited was scanned, and nothing was found.</summary>
public sealed record FileScanned(Guid FileId, DateTimeOffset At);

/// <summary>A file that waited was scanned, and holds a virus: it is never opened.</summary>
public sealed record FileFoundInfected(Guid FileId, DateTimeOffset At);

public sealed record ConversationCancelled(DateTimeOffset At);
public sealed record ConversationExpired(DateTimeOffset At);

/// <summary>The requester has seen what called for attention.</summary>
public sealed record ConversationOpened(DateTimeOffset At);

/// <summary>The requester has dealt with it.</summary>
public sealed record ConversationDone(DateTimeOffset At);
public sealed record ConversationReopened(DateTimeOffset At);

/// <summary>The requester has written to the patient again since.</summary>
/// <param name="In">The newer conversation.</param>
/// <param name="AskedAgain">The newer one asks again after this one.</param>
public sealed record ConversationAnswered(Guid In, bool AskedAgain, DateTimeOffset At);

/// <summary>The requester has put it into the patient's record, in the practice's own system.</summary>
public sealed record SavedToRecord(DateTimeOffset At);

/// <summary>That was a mistake.</summary>
public sealed record NotSavedToRecord(DateTimeOffset At);

/// <summary>The newer conversation was taken back before it left: it dealt with nothing.</summary>
public sealed record AnswerUndone(Guid In, DateTimeOffset At);

/// <summary>The requester left, and a colleague has it now: from here on only they can open it, and they are told of what comes.</summary>
public sealed record ConversationHandedOver(string FromId, string FromName, string ToId, string ToName, DateTimeOffset At);

/// <summary>The mail about this never went: it was refused, or the mail relay was away for days.</summary>
public sealed record RequesterNotEmailed(Notice Notice, DateTimeOffset At);
