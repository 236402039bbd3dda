using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

// Messages that more than one slice raises or handles.

/// <summary>Its handler begins with the conversation.</summary>
public interface IAboutConversation : IReadsAhead
{
    Guid ConversationId { get; }

    void IReadsAhead.Ask(IAhead ahead) => ahead.Stream(ConversationId);
}

/// <summary>Send the SMS that is on record. <paramref name="Sms"/> counts the sendings of a conversation from 1.</summary>
public sealed record DeliverSms(Guid ConversationId, int Sms, DateTimeOffset FirstTried) : IAboutConversation
{
    void IReadsAhead.Ask(IAhead ahead)
    {
        ahead.Stream(ConversationId);
        ahead.Document<Practice>(ConversationSummary.PracticeOf(ConversationId));
    }
}

/// <summary>The provider reports what became of an attempt, perhaps late, twice or out of order.</summary>
/// <param name="Reason">Why it failed, where it did.</param>
public sealed record RecordDelivery(Guid ConversationId, Guid AttemptId, SmsReport Report, SmsFailure? Reason) : IAboutConversation;

/// <summary>Look for an attempt whose outcome is not known in the provider's list.</summary>
/// <param name="Look">How often it was looked for before.</param>
public sealed record LookUpSms(Guid ConversationId, Guid AttemptId, int Look = 0) : IAboutConversation;

/// <summary>Email the requester. Never holds anything about the patient.</summary>
/// <param name="NoticeId">The same for the same notice, however often it is raised or sent: it becomes the email's Message-ID.</param>
public sealed record NotifyRequester(Guid ConversationId, Notice Notice, Guid NoticeId) : IAboutConversation
{
    void IReadsAhead.Ask(IAhead ahead)
    {
        ahead.Stream(ConversationId);
        ahead.Document<Clinician>(ConversationSummary.RequesterOf(ConversationId));
    }

    /// <summary>A notice that a conversation gives at most once.</summary>
    public static NotifyRequester Once(Guid conversationId, Notice notice) => About(conversationId, notice, conversationId);

    /// <summary>A notice that an attempt to send the SMS gives at most once.</summary>
    public static NotifyRequester OnceFor(Guid attemptId, Guid conversationId, Notice notice) => About(conversationId, notice, attemptId);

    private static NotifyRequester About(Guid conversationId, Notice notice, Guid subject) =>
        new(conversationId, notice, new Guid(SHA256.HashData(Encoding.ASCII.GetBytes($"{subject:N}/{notice}")).AsSpan(..16)));
}

/// <summary>Email somebody how many of their requests ended without an answer.</summary>
/// <param name="Day">In the United Kingdom; there is one of each day.</param>
public sealed record NotifyUnanswered(string ClinicianId, DateOnly Day) : IMessage;

public enum Notice { Replied, NotDelivered, DeliveryUnknown, Locked, Expired, StillUnread, FileInfected, NewLinkAsked }

/// <summary>Scan the files of the reply that wait for it; as often as it takes.</summary>
public sealed record ScanFiles(Guid ConversationId, DateTimeOffset FirstTried) : IAboutConversation;

public sealed record ExpireConversation(Guid ConversationId) : IAboutConversation;

/// <summary>Write down in the file store that a conversation was erased, and delete its files.</summary>
/// <param name="Order">Signed: the queue's rows alone order nothing. Null where somebody else wrote the row.</param>
public sealed record FinishErasing(Guid ConversationId, string? Order) : IMessage;

/// <summary>Delete drafts that are over and files that belong to nothing.</summary>
public sealed record TidyDrafts(Guid ConversationId) : IMessage;
