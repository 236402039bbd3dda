using PatientResponse.Features;
using PatientResponse.Features.CancelRequest;
using PatientResponse.Features.MarkDone;
using PatientResponse.Features.SendAgain;
using PatientResponse.Features.UnlockLink;
using PatientResponse.Features.ViewReply;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ViewingReplies;

public class ConversationViewTests
{
    private static readonly DateTimeOffset At = Given.SentAt + TimeSpan.FromHours(1);

    [Fact]
    public void The_page_offers_exactly_what_would_be_accepted()
    {
        var seen = 0;
        foreach (var conversation in EveryState())
            foreach (var now in new[] { At, Given.SentAt + Conversation.TimeToReply })
            {
                var view = new ConversationView(conversation, [], now, null, null, PatientThread.None);
                Assert.Equal(CancelRequestHandler.Validate(conversation, now) is null, view.OffersCancel);
                Assert.Equal(UnlockLinkHandler.Validate(conversation, now) is null, view.OffersUnlock);
                Assert.Equal(SendAgainHandler.Validate(conversation, null, now) is null, view.OffersSendAgain);
                Assert.Equal(MarkDoneHandler.Validate(new(true), conversation, now) is null && !conversation.IsDone, view.OffersDone);
                Assert.NotEmpty(StateText.Link(view));
                Assert.NotEmpty(StateText.Delivery(conversation));
                seen++;
            }
        Assert.Equal(2 * 2 * 6 * 9, seen);
    }

    [Fact]
    public void Every_event_has_words()
    {
        var events = typeof(Conversation).GetMethods().Where(method => method.Name == "Apply").Select(method => method.GetParameters()[0].ParameterType);
        object[] known =
        [
            Given.Asked, new SmsSentAgain("", "", At), new SmsAttempted(Guid.Empty, At), Given.Accepted, new SmsPostponed(Guid.Empty, At),
            new SmsFailed(Guid.Empty, SmsFailure.Other, At), new SmsUnknown(Guid.Empty, At), new DateOfBirthRefused("", At), new LinkLocked(At),
            new LinkUnlocked(At), Given.Replied, new SmsDelivered(Guid.Empty, At), new MobileCorrected("+447700900123", At), new ConversationDone(At),
            new ConversationReopened(At), new ConversationAnswered(Guid.Empty, false, At), new ConversationCancelled(At), new ConversationExpired(At), new ConversationOpened(At),
            new ConversationHandedOver("alice", "Alice", "bob", "Bob", At),
            new RequesterNotEmailed(Notice.Replied, At), new NewLinkAsked(At), new FileScanned(Guid.Empty, At), new FileFoundInfected(Guid.Empty, At),
            new SendingUndone(At), new AnswerUndone(Guid.Empty, At), new SavedToRecord(At), new NotSavedToRecord(At),
        ];
        Assert.Equal(events.Select(type => type.Name).Order(), known.Select(e => e.GetType().Name).Order());
        var lines = HistoryText.Of(known.Select((data, i) => new StoredEvent(i + 1, At, "alice", data))).ToList();
        Assert.Equal(known.Length, lines.Count);
        Assert.All(lines, line => Assert.NotEmpty(line.Text));
        Assert.All(lines, line => Assert.DoesNotContain("no words for it", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void An_event_without_words_stands_in_the_history_by_its_name_beside_the_others()
    {
        object[] events = [Given.Asked, new LookedAtTwice(), new ConversationDone(At)];

        Assert.Equal(
            ["LookedAtTwice (this version has no words for it)", "You marked it as done"],
            HistoryText.Of(events.Select((data, i) => new StoredEvent(i + 1, At, "alice", data))).Select(line => line.Text).Skip(1));
    }

    private sealed record LookedAtTwice;

    [Fact]
    public void Every_attempt_is_in_the_history_with_its_outcome_and_no_more_than_the_end_of_the_number()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        object[] events =
        [
            Given.Asked, new SmsAttempted(first, At), new SmsFailed(first, SmsFailure.WrongNumber, At), new MobileCorrected("+447700900987", At),
            new SmsSentAgain("", "", At), new SmsAttempted(second, At), new SmsAccepted(second, "", At), new SmsDelivered(first, At), new SmsDelivered(second, At),
        ];
        var lines = HistoryText.Of(events.Select((data, i) => new StoredEvent(i + 1, At, "alice", data))).Select(line => line.Text).ToList();

        Assert.Equal(
            [
                "Attempt 1: started sending to the number ending 001", "Attempt 1: not delivered. The number is not in use",
                "You changed the mobile number of this conversation to one that ends in 987", "Sent again with a new link. The old link stopped working",
                "Attempt 2: started sending to the number ending 987", "Attempt 2: sent", "Attempt 1: delivered", "Attempt 2: delivered",
            ], lines[1..]);
    }

    [Fact]
    public void Every_reason_has_its_words_and_a_next_step() =>
        Assert.All(Enum.GetValues<SmsFailure>(), reason => Assert.EndsWith(".", DeliveryWords.Reason(reason) + " " + DeliveryWords.NextStep(reason)));

    [Fact]
    public void A_text_that_had_not_gone_when_the_request_was_cancelled_is_not_said_to_be_waiting() =>
        Assert.Equal("The text message had not been sent by then, and will not be.",
            StateText.Delivery(Given.Conversation(Given.Asked, new ConversationCancelled(At))));

    private static IEnumerable<Conversation> EveryState()
    {
        object[][] deliveries = [[], [new SmsAttempted(Guid.Empty, At)], [Given.Accepted], [new SmsDelivered(Guid.Empty, At)], [new SmsFailed(Guid.Empty, SmsFailure.Other, At)], [new SmsUnknown(Guid.Empty, At)]];
        object[][] statuses =
        [
            [], [new LinkLocked(At)], [new LinkLocked(At), new LinkUnlocked(At)], [new LinkLocked(At), new LinkUnlocked(At), new LinkLocked(At), new LinkUnlocked(At), new LinkLocked(At)],
            [Given.Replied], [new ConversationCancelled(At)], [new ConversationExpired(At)], [new ConversationOpened(At)],
            [Given.Replied, new ConversationDone(At)],
        ];
        foreach (var delivery in deliveries)
            foreach (var status in statuses)
            {
                yield return Given.Conversation([Given.Asked, .. delivery, .. status]);
                // Nothing but opening happens to a message that cannot be answered.
                yield return Given.Conversation([Given.Told, .. delivery, new ConversationOpened(At)]);
            }
    }
}
