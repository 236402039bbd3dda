using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.TrackDelivery;

/// <summary>Writes down what the provider reports. Reports come late, twice and in any order, and all orders end alike:
/// delivered outweighs failed, and failed outweighs sent.</summary>
public static class TrackDeliveryHandler
{
    public static Task HandleAsync(RecordDelivery message, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<Conversation>(message.ConversationId, conversation => Decide(message, conversation, time.GetUtcNow()));

    public static (Events, OutgoingMessages) Decide(RecordDelivery message, Conversation conversation, DateTimeOffset now) =>
        (message.Report, conversation.OutcomeOf(message.AttemptId)) switch
        {
            (_, null or Delivery.Delivered) => ([], []),
            (SmsReport.Delivered, _) => ([new SmsDelivered(message.AttemptId, now)], []),
            (SmsReport.Failed, not Delivery.Failed) => Failed(message, conversation, now),
            (SmsReport.Sent, Delivery.Queued or Delivery.Sending or Delivery.Unknown) => ([new SmsAccepted(message.AttemptId, "", now)], []),
            _ => ([], []),
        };

    /// <summary>The requester hears of it unless it no longer matters: the message was sent again since, or answered.</summary>
    private static (Events, OutgoingMessages) Failed(RecordDelivery message, Conversation conversation, DateTimeOffset now)
    {
        if (conversation.Status == ConversationStatus.Replied && message.AttemptId == conversation.LastAttempt)
            return ([], []); // An answer proves that it arrived.
        var messages = message.AttemptId == conversation.LastAttempt
            ? new OutgoingMessages { NotifyRequester.OnceFor(message.AttemptId, conversation.Id, Notice.NotDelivered) }
            : [];
        return ([new SmsFailed(message.AttemptId, message.Reason ?? SmsFailure.Other, now)], messages);
    }
}
