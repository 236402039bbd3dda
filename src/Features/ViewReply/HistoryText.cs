namespace PatientResponse.Features.ViewReply;

/// <summary>What happened, in words.</summary>
public static class HistoryText
{
    public static string Of(object @event) => @event switch
    {
        MessageSent { Token: null } sent => $"{sent.RequesterName} wrote the message. No reply was asked for",
        MessageSent sent => $"{sent.RequesterName} wrote the message and asked for a reply",
        SmsSentAgain { Token: null } => "Sent again",
        SmsSentAgain => "Sent again with a new link. The old link stopped working",
        SmsAttempted => "Sending began",
        SmsAccepted => "Sent",
        SmsPostponed => "Could not be sent just then. It is tried again by itself",
        SmsFailed failed => $"Not delivered. {StateText.Failure(failed.Reason).Split(". ")[0].TrimEnd('.')}",
        SmsUnknown => "We cannot tell whether the message arrived",
        DateOfBirthRefused => "A wrong date of birth was entered",
        LinkLocked => "The link was locked after too many wrong dates of birth",
        LinkUnlocked => "You unlocked the link",
        ReplyUploaded => "The patient replied",
        ConversationCancelled => "You cancelled the request",
        ConversationExpired => "The time to reply ended without a reply",
        ConversationOpened => "You opened this page and saw what was new",
        _ => throw new ArgumentException("An event without words.", nameof(@event)),
    };
}
