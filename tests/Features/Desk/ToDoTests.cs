using PatientResponse.Features;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Listing;

/// <summary>What stays on the list of what is to be done, until when, and in which order.</summary>
public class ToDoTests
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Over = Given.SentAt + TimeSpan.FromDays(7);

    private static readonly ConversationOpened Seen = new(Later);
    private static readonly SmsFailed Failed = new(Guid.Empty, SmsFailure.WrongNumber, Later);
    private static readonly ConversationAnswered WroteAgain = new(Guid.NewGuid(), AskedAgain: false, Later);
    private static readonly ConversationAnswered AskedAgain = new(Guid.NewGuid(), AskedAgain: true, Later);

    [Fact]
    public void A_reply_stays_until_it_is_done_or_answered_whether_it_was_seen_or_not()
    {
        Assert.Equal(ToDo.Reply, Of(Given.Asked, Given.Replied));
        Assert.Equal(ToDo.Reply, Of(Given.Asked, Given.Replied, Seen));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, Given.Replied, Seen, new ConversationDone(Later)));
        Assert.Equal(ToDo.Reply, Of(Given.Asked, Given.Replied, Seen, new ConversationDone(Later), new ConversationReopened(Later)));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, Given.Replied, Seen, WroteAgain));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, Given.Replied, Seen, AskedAgain));
    }

    [Fact]
    public void A_reply_that_came_after_the_page_was_opened_is_not_answered_by_what_is_sent_from_there()
    {
        Assert.Equal(ToDo.Reply, Of(Given.Asked, Given.Replied, AskedAgain));
        Assert.Equal(ToDo.Reply, Of(Given.Asked, Seen, Given.Replied, AskedAgain));
        Assert.Equal(ToDo.Reply, Of(Given.Asked, AskedAgain, Given.Replied));
        Assert.False(Answered.IsAnswer(Given.Conversation(Given.Asked, Given.Replied), "alice"));
        Assert.True(Answered.IsAnswer(Given.Conversation(Given.Asked, Given.Replied, Seen), "alice"));
        Assert.False(Answered.IsAnswer(Given.Conversation(Given.Asked, Given.Replied, Seen), "bob"));
        Assert.False(Answered.IsAnswer(Given.Conversation(Given.Asked, Failed, Seen), "alice"));
    }

    [Fact]
    public void A_failed_message_stays_until_it_is_sent_again_done_cancelled_or_asked_again()
    {
        Assert.Equal(ToDo.NotDelivered, Of(Given.Told, Failed, Seen));
        Assert.Equal(ToDo.NotDelivered, Of(Given.Asked, Failed, Seen));
        Assert.Equal(ToDo.CannotTell, Of(Given.Asked, new SmsUnknown(Guid.Empty, Later), Seen));
        foreach (object end in new object[] { new SmsSentAgain("", Given.Token, Later), new ConversationDone(Later), new ConversationCancelled(Later), AskedAgain, new SmsDelivered(Guid.Empty, Later) })
            Assert.Equal(ToDo.Nothing, Of(Given.Asked, Failed, Seen, end));
    }

    [Fact]
    public void A_message_that_failed_and_was_done_with_is_back_when_it_fails_again()
    {
        Assert.Equal(ToDo.NotDelivered, Of(Given.Asked, Failed, new ConversationDone(Later), new SmsSentAgain("", Given.Token, Later), Failed));
        Assert.Equal(ToDo.Locked, Of(Given.Asked, Failed, new ConversationDone(Later), new SmsSentAgain("", Given.Token, Later), new LinkLocked(Later)));
        Assert.Equal(ToDo.Locked, Of(Given.Asked, Failed, new ConversationDone(Later), new LinkLocked(Later), new SmsDelivered(Guid.Empty, Later)));
    }

    [Fact]
    public void A_failed_message_was_not_left_unanswered_when_its_time_is_over()
    {
        var conversation = Given.Conversation(Given.Asked, Failed, Seen, new ConversationExpired(Over));
        Assert.Equal((ToDo.NotDelivered, false), (conversation.ToDo, conversation.HasNoAnswerAt(Over)));
    }

    [Fact]
    public void A_locked_link_stays_until_it_is_unlocked_or_done_and_is_without_an_answer_when_its_time_is_over()
    {
        Assert.Equal(ToDo.Locked, Of(Given.Asked, Given.Accepted, new LinkLocked(Later), Seen));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, Given.Accepted, new LinkLocked(Later), Seen, new LinkUnlocked(Later)));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, Given.Accepted, new LinkLocked(Later), Seen, new ConversationDone(Later)));
        var over = Given.Conversation(Given.Asked, Given.Accepted, new LinkLocked(Later), Seen, new ConversationExpired(Over));
        Assert.Equal((ToDo.Nothing, true), (over.ToDo, over.HasNoAnswerAt(Over)));
    }

    [Fact]
    public void A_new_link_that_is_wanted_stays_until_it_is_given_or_done()
    {
        object[] wanted = [Given.Asked, new ConversationExpired(Over), new NewLinkAsked(Over), Seen];
        Assert.Equal(ToDo.NewLink, Of(wanted));
        Assert.Equal(ToDo.Nothing, Of([.. wanted, AskedAgain]));
        Assert.Equal(ToDo.Nothing, Of([.. wanted, new ConversationDone(Over)]));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, new LinkLocked(Later), new NewLinkAsked(Later), Seen, new LinkUnlocked(Later)));
    }

    [Fact]
    public void A_request_without_an_answer_waits_for_a_word_and_is_nothing_to_do()
    {
        var conversation = Given.Conversation(Given.Asked, Given.Accepted);
        Assert.False(conversation.HasNoAnswerAt(Over - TimeSpan.FromMilliseconds(1)));
        Assert.True(conversation.HasNoAnswerAt(Over));
        Assert.True(Given.Conversation(Given.Asked, new ConversationExpired(Over), Seen).HasNoAnswerAt(Over));
        Assert.Equal(ToDo.Nothing, Of(Given.Asked, new ConversationExpired(Over)));
        foreach (object said in new object[] { new ConversationDone(Over), AskedAgain })
            Assert.False(Given.Conversation(Given.Asked, new ConversationExpired(Over), said).HasNoAnswerAt(Over));
        Assert.False(Given.Conversation(Given.Told).HasNoAnswerAt(Over));
    }

    [Fact]
    public void Photos_that_can_be_opened_at_last_bring_an_answered_reply_back_and_a_virus_brings_back_any()
    {
        var (file, replied) = Waiting();
        object[] seen = [Given.Asked, replied, Seen];
        Assert.Equal(ToDo.Reply, Of([.. seen, WroteAgain, new FileScanned(file, Later)]));
        Assert.Equal(ToDo.Nothing, Of([.. seen, new ConversationDone(Later), new FileScanned(file, Later)]));
        Assert.Equal(ToDo.Reply, Of([.. seen, WroteAgain, new FileFoundInfected(file, Later)]));
        Assert.Equal(ToDo.Reply, Of([.. seen, new ConversationDone(Later), new FileFoundInfected(file, Later)]));

        static (Guid, ReplyUploaded) Waiting()
        {
            var id = Guid.NewGuid();
            return (id, Given.Replied with { Files = [new(id, "rash.jpg", PatientResponse.Infrastructure.Files.Formats.FileKind.Jpeg, 1, false, Scan: PatientResponse.Infrastructure.Files.Intake.FileScan.Waiting)] });
        }
    }

    [Fact]
    public void Whom_nothing_reached_comes_before_replies_and_then_what_happened_last()
    {
        var hours = Enumerable.Range(1, 5).Select(hour => Given.SentAt + TimeSpan.FromHours(hour)).ToArray();
        Conversation[] inOrder =
        [
            Given.Conversation(Given.Asked, new LinkLocked(hours[1])),
            Given.Conversation(Given.Asked, Failed with { At = hours[0] }),
            Given.Conversation(Given.Asked, Given.Replied with { At = hours[4] }),
            Given.Conversation(Given.Asked with { At = hours[1] }, Given.Replied with { At = hours[3] }),
            Given.Conversation(Given.Asked, Given.Replied with { At = hours[2] }, Seen),
            Given.Conversation(Given.Asked with { At = hours[4] }),
        ];
        Assert.Equal(inOrder, inOrder.Reverse().OrderByDescending(ConversationRow.AttentionOf));
    }

    private static ToDo Of(params object[] events) => Given.Conversation(events).ToDo;
}
