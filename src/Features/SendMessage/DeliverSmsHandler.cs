using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

/// <summary>Sends the SMS that is on record. No patient gets the same SMS twice by our doing, and no clinician is left to
/// believe that a message went when it did not.</summary>
public static class DeliverSmsHandler
{
    /// <summary>After so long without the provider taking it, the clinician is told.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(4);

    /// <summary>Whoever takes over a message of ours that we still work on finds the attempt open, and says that nobody knows.</summary>
    private static readonly TimeSpan KeepAnswerFor = TimeSpan.FromMinutes(1);

    public static async Task HandleAsync(DeliverSms message, IDocumentSession session, MessageInHand hand, ISmsSender carrier, TimeProvider time)
    {
        var stream = await session.Events.FetchForWriting<Conversation>(message.ConversationId);
        if (stream is null || !IsStillWanted(message, stream.Aggregate))
            return;
        if (stream.Aggregate.OpenAttempt is { } interrupted)
        {
            // We, or another copy, stopped between asking the provider and writing down its answer.
            await SettleAsync(message, interrupted, new SmsOutcome.Unknown(carrier.KeepsList), stream, session, hand, time);
            return;
        }

        if (stream.Aggregate.AllowsResponse && time.GetUtcNow() >= stream.Aggregate.Deadline)
        {
            // We were away for so long that the link in it is dead.
            var (events, messages) = GiveUp(message, stream.Aggregate, time.GetUtcNow());
            stream.AppendMany(events);
            session.Publish(messages);
            return;
        }

        // Without its sender name rather than not at all: the text is on record.
        var practice = await session.LoadReadableAsync<Practice>(stream.Aggregate.Sent.PracticeId);
        var attempt = Guid.NewGuid();
        stream.AppendMany([new SmsAttempted(attempt, time.GetUtcNow())]);
        session.Enlist(hand.StillOurs());
        await session.SaveChangesAsync();

        var outcome = await AskAsync(carrier, new(attempt, stream.Aggregate.Mobile, stream.Aggregate.Sms, stream.Id,
            // It would name the practice.
            stream.Aggregate.Sent.Neutral ? null : practice?.SenderName));
        await SettleAsync(message, attempt, outcome, stream, session, hand, time);
    }

    public static Task HandleAsync(Parked<DeliverSms> parked, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<Conversation>(parked.Message.ConversationId, conversation => Parked(parked.Message, conversation, time.GetUtcNow()));

    /// <summary>Nobody will try again: the requester hears of it.</summary>
    public static (Events, OutgoingMessages) Parked(DeliverSms message, Conversation conversation, DateTimeOffset now) =>
        !IsStillWanted(message, conversation) ? ([], [])
        : conversation.OpenAttempt is { } interrupted ? Settle(message, interrupted, new SmsOutcome.Unknown(), now)
        : GiveUp(message, conversation, now);

    public static bool IsStillWanted(DeliverSms message, Conversation conversation) =>
        message.Sms == conversation.SmsCount
        && conversation.Delivery is Delivery.Queued or Delivery.Sending
        && (conversation.OpenAttempt is not null || conversation.Status is ConversationStatus.OneWay or ConversationStatus.Open or ConversationStatus.Locked);

    /// <summary>What an attempt's outcome means.</summary>
    public static (Events, OutgoingMessages) Settle(DeliverSms message, Guid attempt, SmsOutcome outcome, DateTimeOffset now) => outcome switch
    {
        SmsOutcome.Accepted accepted => ([new SmsAccepted(attempt, accepted.ProviderId, now)], accepted.Report is { } report
            ? new() { new RecordDelivery(message.ConversationId, attempt, report, accepted.Reason) }
            : []),
        SmsOutcome.Permanent permanent => ([new SmsFailed(attempt, permanent.Reason, now)], Tell(message, attempt, Notice.NotDelivered)),
        SmsOutcome.Transient when now - message.FirstTried >= GiveUpAfter =>
            ([new SmsFailed(attempt, SmsFailure.GaveUp, now)], Tell(message, attempt, Notice.NotDelivered)),
        SmsOutcome.Transient transient => ([new SmsPostponed(attempt, now)], Later(message, now, transient.RetryAfter)),
        // The attempt stays open until the list or a report settles it, or time runs out.
        SmsOutcome.Unknown { CanBeLookedUp: true } => ([], new() { new LookUpSms(message.ConversationId, attempt) }),
        _ => ([new SmsUnknown(attempt, now)], Tell(message, attempt, Notice.DeliveryUnknown)),
    };

    /// <summary>Nobody else knows what the provider said: while the database is away it is kept, as long as the message is ours.</summary>
    /// <param name="known">The conversation as it was last saved or read here.</param>
    private static async Task SettleAsync(
        DeliverSms message, Guid attempt, SmsOutcome outcome, IEventStream<Conversation>? known, IDocumentSession session, MessageInHand hand, TimeProvider time)
    {
        var until = time.GetUtcNow() + KeepAnswerFor;
        while (true)
        {
            try
            {
                await TrySettleAsync(message, attempt, outcome, known, session, hand, time);
                return;
            }
            catch (DbException) when (time.GetUtcNow() < until)
            {
                known = null;
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    private static Task TrySettleAsync(
        DeliverSms message, Guid attempt, SmsOutcome outcome, IEventStream<Conversation>? known, IDocumentSession session, MessageInHand hand, TimeProvider time) =>
        // Decided again on fresh state if somebody cancels in this very moment: the provider is never asked a second time for that.
        session.DecideAsync(async () =>
        {
            var stream = known ?? await session.Events.FetchForWriting<Conversation>(message.ConversationId);
            known = null;
            if (stream?.Aggregate.OpenAttempt != attempt)
                return false;
            var (events, messages) = Settle(message, attempt, outcome, time.GetUtcNow());
            stream.AppendMany(events);
            session.Publish(messages);
            // In one transaction: a crash in between would leave two of this message, and the second would not wait.
            await hand.CompleteAsync();
            return true;
        });

    private static async Task<SmsOutcome> AskAsync(ISmsSender carrier, OutgoingSms sms)
    {
        try
        {
            return await carrier.SendAsync(sms, CancellationToken.None);
        }
        catch (Exception)
        {
            // A sender that throws has a bug; what the provider did is not known.
            return new SmsOutcome.Unknown(carrier.KeepsList);
        }
    }

    /// <summary>It was never tried, or certainly did not go, and will not be tried any more.</summary>
    private static (Events, OutgoingMessages) GiveUp(DeliverSms message, Conversation conversation, DateTimeOffset now)
    {
        var noAttempt = new Guid(SHA256.HashData(Encoding.ASCII.GetBytes($"{message.ConversationId:N}/{message.Sms}")).AsSpan(..16));
        return ([new SmsFailed(conversation.LastAttempt, SmsFailure.GaveUp, now)], Tell(message, noAttempt, Notice.NotDelivered));
    }

    private static OutgoingMessages Tell(DeliverSms message, Guid attempt, Notice notice) =>
        new() { NotifyRequester.OnceFor(attempt, message.ConversationId, notice) };

    /// <summary>Waits as long again as it has been tried already: at least half a minute, at most half an hour.</summary>
    private static OutgoingMessages Later(DeliverSms message, DateTimeOffset now, TimeSpan? retryAfter)
    {
        var wait = TimeSpan.FromSeconds(Math.Clamp((now - message.FirstTried).TotalSeconds, 30, 1800));
        var due = now + (retryAfter > wait ? retryAfter.Value : wait);
        var last = message.FirstTried + GiveUpAfter;
        return [new OutgoingMessages.Envelope(message, due > last && now < last ? last : due)];
    }
}
