using PatientResponse.Features;
using PatientResponse.Features.CancelRequest;
using PatientResponse.Features.SendAgain;
using PatientResponse.Features.UnlockLink;
using PatientResponse.Features.ViewReply;
using PatientResponse.Infrastructure.Sms;
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
                var view = new ConversationView(conversation, [], now, null, null);
                Assert.Equal(CancelRequestHandler.Validate(conversation, now) is null, view.OffersCancel);
                Assert.Equal(UnlockLinkHandler.Validate(conversation, now) is null, view.OffersUnlock);
                Assert.Equal(SendAgainHandler.Validate(conversation, null, now) is null, view.OffersSendAgain);
                Assert.NotEmpty(StateText.Link(view));
                Assert.NotEmpty(StateText.Delivery(conversation));
                seen++;
            }
        Assert.Equal(2 * 2 * 5 * 8, seen);
    }

    [Fact]
    public void Every_event_has_words()
    {
        var events = typeof(Conversation).GetMethods().Where(method => method.Name == "Apply").Select(method => method.GetParameters()[0].ParameterType);
        object[] known =
        [
            Given.Asked, new SmsSentAgain("", "", At), new SmsAttempted(Guid.Empty, At), Given.Accepted, new SmsPostponed(Guid.Empty, At),
            new SmsFailed(Guid.Empty, SmsFailure.Other, At), new SmsUnknown(Guid.Empty, At), new DateOfBirthRefused("", At), new LinkLocked(At),
            new LinkUnlocked(At), Given.Replied, new ConversationCancelled(At), new ConversationExpired(At), new ConversationOpened(At),
        ];
        Assert.Equal(events.Select(type => type.Name).Order(), known.Select(e => e.GetType().Name).Order());
        Assert.All(known, e => Assert.NotEmpty(HistoryText.Of(e)));
    }

    [Fact]
    public void A_text_that_had_not_gone_when_the_request_was_cancelled_is_not_said_to_be_waiting() =>
        Assert.Equal("The text message had not been sent by then, and will not be.",
            StateText.Delivery(Given.Conversation(Given.Asked, new ConversationCancelled(At))));

    private static IEnumerable<Conversation> EveryState()
    {
        object[][] deliveries = [[], [new SmsAttempted(Guid.Empty, At)], [Given.Accepted], [new SmsFailed(Guid.Empty, SmsFailure.Other, At)], [new SmsUnknown(Guid.Empty, At)]];
        object[][] statuses =
        [
            [], [new LinkLocked(At)], [new LinkLocked(At), new LinkUnlocked(At)], [new LinkLocked(At), new LinkUnlocked(At), new LinkLocked(At), new LinkUnlocked(At), new LinkLocked(At)],
            [Given.Replied], [new ConversationCancelled(At)], [new ConversationExpired(At)], [new ConversationOpened(At)],
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
