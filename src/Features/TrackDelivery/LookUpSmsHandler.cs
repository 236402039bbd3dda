using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.TrackDelivery;

/// <summary>Looks for an attempt that nobody can tell the outcome of, a few times. Found, it is settled; not found, it may have gone
/// all the same, unless the list would have it. It is never sent again by itself, and the requester is told.</summary>
public static class LookUpSmsHandler
{
    /// <summary>The pauses after each look. When they are over, ten minutes have passed.</summary>
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5)];

    public static async Task HandleAsync(LookUpSms message, IDocumentSession session, ISmsSender carrier, TimeProvider time)
    {
        var stream = await session.Events.FetchForWriting<Conversation>(message.ConversationId);
        if (stream is null || IsSettled(message, stream.Aggregate))
            return;
        var began = stream.History.Select(happened => happened.Data).OfType<SmsAttempted>().Single(attempt => attempt.AttemptId == message.AttemptId).At;
        var others = stream.History.Select(happened => happened.Data).OfType<SmsAccepted>().Select(accepted => accepted.ProviderId).ToHashSet();
        var news = await carrier.LookUpAsync(new(stream.Aggregate.Mobile, stream.Aggregate.Sms, began, others, stream.Id, message.AttemptId), CancellationToken.None);
        var (events, messages) = Next(message, news, time.GetUtcNow());
        stream.AppendMany(events);
        session.Publish(messages);
    }

    public static Task HandleAsync(Parked<LookUpSms> parked, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<Conversation>(parked.Message.ConversationId, conversation => Parked(parked.Message, conversation, time.GetUtcNow()));

    /// <summary>Looked for too often, without coming to an end.</summary>
    public static (Events, OutgoingMessages) Parked(LookUpSms message, Conversation conversation, DateTimeOffset now) =>
        IsSettled(message, conversation) ? ([], []) : GiveUp(message, now);

    /// <param name="news">What the list says; null where the attempt does not show in it.</param>
    public static (Events, OutgoingMessages) Next(LookUpSms message, SmsNews? news, DateTimeOffset now) =>
        news is { Report: not SmsReport.Absent } ? ([], new() { new RecordDelivery(message.ConversationId, message.AttemptId, news.Report, news.Reason) })
        : message.Look < Pauses.Length ? ([], [new OutgoingMessages.Envelope(message with { Look = message.Look + 1 }, now + Pauses[message.Look])])
        : news is not null ? ([new SmsFailed(message.AttemptId, SmsFailure.GaveUp, now)], new() { NotifyRequester.OnceFor(message.AttemptId, message.ConversationId, Notice.NotDelivered) })
        : GiveUp(message, now);

    private static bool IsSettled(LookUpSms message, Conversation conversation) => conversation.OpenAttempt != message.AttemptId;

    private static (Events, OutgoingMessages) GiveUp(LookUpSms message, DateTimeOffset now) =>
        ([new SmsUnknown(message.AttemptId, now)], new() { NotifyRequester.OnceFor(message.AttemptId, message.ConversationId, Notice.DeliveryUnknown) });
}
