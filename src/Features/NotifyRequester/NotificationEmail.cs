using PatientResponse.Infrastructure.Email;

namespace PatientResponse.Features;

/// <summary>What the requester is told. There is no parameter that could carry anything about the patient: a mailbox is
/// read on lock screens, by delegates and by filters.</summary>
public static class NotificationEmail
{
    /// <param name="messageId">The same whenever this notice is sent.</param>
    /// <param name="conversation">The address that shows the conversation after sign-in.</param>
    public static OutgoingEmail Of(Notice notice, string to, string messageId, string conversation)
    {
        var (subject, happened) = Words(notice);
        return new(messageId, to, subject,
            $"""
            {happened}

            To read it, sign in. Only you can open this conversation:
            {conversation}

            To keep patient information safe, this email does not include any. Do not reply to it: the mailbox is not monitored.
            """.ReplaceLineEndings("\n"));
    }

    private static (string Subject, string Happened) Words(Notice notice) => notice switch
    {
        Notice.Replied => ("A patient has replied to your message",
            "A patient has replied to a message that you sent with PatientResponse."),
        Notice.NotDelivered => ("Your message to a patient was not delivered",
            "A text message that you sent with PatientResponse did not reach the patient. The conversation tells you why and what you can do."),
        Notice.DeliveryUnknown => ("We cannot tell whether your message reached a patient",
            "We cannot tell whether a text message that you sent with PatientResponse reached the patient. We will not send it again automatically. Check with the patient."),
        Notice.Locked => ("A patient cannot open your message",
            $"The link in a message that you sent with PatientResponse is locked, because a wrong date of birth was entered {Conversation.DateOfBirthTries} times. Check with the patient that it was them. You can then unlock the link."),
        Notice.Expired => ("A patient has not replied to your message in time",
            "A patient has not replied within 7 days to a message that you sent with PatientResponse, and the link has stopped working. If you still need an answer, contact the patient another way or send a new message."),
        Notice.StillUnread => ("A patient's reply is still waiting for you",
            "A patient replied to a message that you sent with PatientResponse 24 hours ago or more, and nobody has read the reply yet."),
        Notice.FileInfected => ("A file in a patient's reply contains a virus",
            "A file in a patient's reply to a message that you sent with PatientResponse contains a virus. It cannot be opened. The conversation names the file; the rest of the reply can be read."),
        Notice.NewLinkAsked => ("A patient asks for a new link",
            "Someone has asked for a new link, because the link in a message that you sent with PatientResponse has expired or is locked. The conversation tells you what you can do."),
        _ => throw new ArgumentOutOfRangeException(nameof(notice)),
    };
}
