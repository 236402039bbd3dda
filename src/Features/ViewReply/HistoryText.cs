using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ViewReply;

public sealed record HistoryLine(DateTimeOffset At, string Text);

/// <summary>What happened, in words. Of a number it says the last three digits: enough to tell two apart.</summary>
public static class HistoryText
{
    public static IEnumerable<HistoryLine> Of(IEnumerable<StoredEvent> history)
    {
        var mobile = "";
        var attempts = new List<Guid>();
        var all = history.ToList();
        var handedOver = all.Select(happened => happened.Data).OfType<ConversationHandedOver>().ToList();
        IReadOnlyList<ReplyFile> files = [];
        foreach (var happened in all)
        {
            if (happened.Data is ConversationHandedOver)
                handedOver.RemoveAt(0);
            // What came before a hand-over was somebody else's doing.
            var who = handedOver is [var next, ..] ? next.FromName : "You";
            mobile = happened.Data switch
            {
                MessageSent sent => sent.Patient.Mobile,
                MobileCorrected corrected => corrected.Mobile,
                _ => mobile,
            };
            if (happened.Data is SmsAttempted { AttemptId: var attempt })
                attempts.Add(attempt);
            if (happened.Data is ReplyUploaded reply)
                files = reply.Files;
            yield return new(happened.At, happened.Data switch
            {
                FileScanned e => $"{NameOf(e.FileId)} was scanned for viruses, and none was found",
                FileFoundInfected e => $"{NameOf(e.FileId)} was scanned, and contains a virus",
                var other => Of(other, mobile, who, happened.Version == 2, (id, outcome) => Attempt(attempts.IndexOf(id), outcome)),
            });
        }

        string NameOf(Guid id) => files.FirstOrDefault(file => file.Id == id)?.Name ?? "A file";
    }

    private static string Of(object @event, string mobile, string who, bool isNew, Func<Guid, string, string> attempt) => @event switch
    {
        MessageSent { Token: null } sent => $"{sent.RequesterName} wrote the message. No reply was asked for",
        MessageSent { Neutral: true } sent => $"{sent.RequesterName} wrote the message in neutral words and asked {(sent.Follows is null ? "" : "again ")}for a reply",
        MessageSent { Follows: not null } sent => $"{sent.RequesterName} wrote the message and asked again for a reply",
        MessageSent sent => $"{sent.RequesterName} wrote the message and asked for a reply",
        MobileCorrected when isNew => $"{who} typed a mobile number for this conversation that ends in {Ending(mobile)}",
        MobileCorrected => $"{who} changed the mobile number of this conversation to one that ends in {Ending(mobile)}",
        SmsSentAgain { Token: null } => "Sent again",
        SmsSentAgain => "Sent again with a new link. The old link stopped working",
        SendingUndone => $"{who} undid the sending before the text message left",
        SmsAttempted e => attempt(e.AttemptId, $"started sending to the number ending {Ending(mobile)}"),
        SmsAccepted e => attempt(e.AttemptId, "sent"),
        SmsDelivered e => attempt(e.AttemptId, "delivered"),
        SmsPostponed e => attempt(e.AttemptId, "could not be sent just then. It is tried again by itself"),
        SmsFailed e => attempt(e.AttemptId, $"not delivered. {DeliveryWords.Reason(e.Reason).TrimEnd('.')}"),
        SmsUnknown e => attempt(e.AttemptId, "we cannot tell whether it arrived"),
        DateOfBirthRefused => "A wrong date of birth was entered",
        NewLinkAsked => "Somebody with the link asked for a new one",
        LinkLocked => "The link was locked after too many wrong dates of birth",
        LinkUnlocked => $"{who} unlocked the link",
        ReplyUploaded { Files: var files } when files.Any(file => file.Scan == FileScan.Waiting) => "The patient replied. Files wait to be checked for viruses",
        ReplyUploaded => "The patient replied",
        ConversationCancelled => $"{who} cancelled the request",
        ConversationExpired => "The time to reply ended without a reply",
        ConversationOpened => $"{who} opened this page and saw what was new",
        ConversationDone => $"{who} marked it as done",
        ConversationAnswered { AskedAgain: true } => $"{who} asked again in a new message",
        ConversationAnswered => $"{who} wrote to the patient again",
        AnswerUndone => $"{who} undid that newer message before it left",
        SavedToRecord => $"{who} marked it as saved to the record",
        NotSavedToRecord => $"{who} marked it as not saved to the record",
        ConversationReopened => $"{who} marked it as not done",
        ConversationHandedOver e => $"Handed over from {e.FromName} to {e.ToName}",
        RequesterNotEmailed => "We could not email you about this",
        // Of a newer copy, perhaps: the rest of the history is worth reading.
        _ => $"{@event.GetType().Name} (this version has no words for it)",
    };

    /// <param name="index">Below zero where nothing was tried.</param>
    private static string Attempt(int index, string outcome) =>
        index < 0 ? char.ToUpperInvariant(outcome[0]) + outcome[1..] : $"Attempt {index + 1}: {outcome}";

    private static string Ending(string mobile) => mobile.Length > 3 ? mobile[^3..] : "";
}
