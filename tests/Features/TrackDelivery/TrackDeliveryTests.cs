using FsCheck.Fluent;
using PatientResponse.Features;
using PatientResponse.Features.TrackDelivery;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Features.SendMessage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.TrackingDelivery;

public class TrackDeliveryTests
{
    private static readonly Guid First = Guid.Parse("11111111111111111111111111111111");
    private static readonly Guid Second = Guid.Parse("22222222222222222222222222222222");
    private static readonly DateTimeOffset At = Given.SentAt + TimeSpan.FromMinutes(5);
    private static readonly SmsReport[] Reports = [SmsReport.Sent, SmsReport.Delivered, SmsReport.Failed];

    private static readonly object[] Unknown = [Given.Asked, new SmsAttempted(First, At), new SmsUnknown(First, At)];

    [Fact]
    public void In_whatever_order_and_however_often_reports_come_delivered_outweighs_failed_and_failed_sent() =>
        Property.Holds(Gen.Elements(Reports).ListOf().Select(list => list.ToList()), reports =>
        {
            var conversation = Given.Conversation(Unknown);
            var told = 0;
            foreach (var report in reports)
                told += Report(conversation, First, report).Told;

            var expected = reports.Contains(SmsReport.Delivered) ? Delivery.Delivered
                : reports.Contains(SmsReport.Failed) ? Delivery.Failed
                : reports.Contains(SmsReport.Sent) ? Delivery.Sent
                : Delivery.Unknown;
            Assert.Equal(expected, conversation.Delivery);
            Assert.Equal(expected == Delivery.Failed ? SmsFailure.Unreachable : null, conversation.DeliveryFailure);
            Assert.InRange(told, expected == Delivery.Failed ? 1 : 0, 1);
        });

    [Fact]
    public void What_an_older_attempt_comes_to_changes_nothing_but_is_in_the_history() =>
        Property.Holds(Gen.Elements(Reports).NonEmptyListOf().Select(list => list.ToList()), reports =>
        {
            var conversation = Given.Conversation([.. Unknown, new SmsSentAgain("again", LinkToken.New().Value, At)]);
            var queued = Report(conversation, First, reports[0]);
            Assert.Equal((Delivery.Queued, 1, 0), (conversation.Delivery, queued.Events, queued.Told));

            conversation.Apply(new SmsAttempted(Second, At));
            conversation.Apply(new SmsAccepted(Second, "sid", At));
            foreach (var report in reports)
                Assert.Equal(0, Report(conversation, First, report).Told);
            Assert.Equal((Delivery.Sent, null), (conversation.Delivery, conversation.DeliveryFailure));
            Report(conversation, Second, SmsReport.Delivered);
            Assert.Equal(Delivery.Delivered, conversation.Delivery);
        });

    [Fact]
    public void A_report_about_an_attempt_of_another_conversation_is_ignored() =>
        Assert.All(Reports, report => Assert.Equal(0, Report(Given.Conversation(Unknown), Guid.NewGuid(), report).Events));

    [Fact]
    public void An_answer_proves_that_the_message_arrived()
    {
        var conversation = Given.Conversation([.. Unknown, Given.Replied]);
        Assert.Equal((0, 0), Report(conversation, First, SmsReport.Failed));
    }

    [Fact]
    public void What_was_unsure_and_turns_out_well_calls_for_nobody_any_more()
    {
        var conversation = Given.Conversation(Unknown);
        Assert.True(conversation.IsUnseen);
        Report(conversation, First, SmsReport.Delivered);
        Assert.False(conversation.IsUnseen);

        var locked = Given.Conversation([.. Unknown, new LinkLocked(At)]);
        Report(locked, First, SmsReport.Delivered);
        Assert.True(locked.IsUnseen);
    }

    [Fact]
    public void A_late_failure_calls_for_attention_even_where_the_requester_was_done()
    {
        var conversation = Given.Conversation(Given.Told, new SmsAttempted(First, At), new SmsAccepted(First, "sid", At), new ConversationDone(At));
        Report(conversation, First, SmsReport.Failed);
        Assert.Equal((true, false), (conversation.IsUnseen, conversation.IsDone));
    }

    [Fact]
    public async Task A_receipt_that_overtakes_the_provider_s_answer_is_not_undone_by_it()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        alice.Carrier.Answer = async sms =>
        {
            await alice.Other.SaveAsync(session => session.Publish(new() { new RecordDelivery(id, sms.AttemptId, SmsReport.Delivered, null) }));
            await alice.Other.DoQueuedWorkAsync();
            return new SmsOutcome.Transient();
        };

        await alice.Copy.DoQueuedWorkAsync();
        await alice.WaitAsync(TimeSpan.FromHours(5));

        Assert.Single(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsDelivered"], await alice.Copy.EventsOfAsync(id));
        Assert.Empty(alice.Copy.Emails);
    }

    [Fact]
    public async Task A_failure_that_is_reported_twice_is_one_email()
    {
        await using var alice = await Sending.StartAsync();
        var id = await alice.SendAsync();
        alice.Carrier.Answer = _ => Task.FromResult<SmsOutcome>(new SmsOutcome.Accepted("1", SmsReport.Failed, SmsFailure.Unreachable));

        await alice.Copy.DoQueuedWorkAsync();
        await alice.Copy.SaveAsync(session => session.Publish(new() { new RecordDelivery(id, alice.Carrier.Calls[0].AttemptId, SmsReport.Failed, SmsFailure.Other) }));
        await alice.Copy.DoQueuedWorkAsync();

        Assert.Equal(["MessageSent", "SmsAttempted", "SmsAccepted", "SmsFailed"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(SmsFailure.Unreachable, (await alice.Copy.ReadAsync(id)).DeliveryFailure);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(alice.Copy.Emails));
    }

    [Fact]
    public async Task The_demo_s_carrier_delivers_at_once_and_every_failure_can_be_seen_with_a_number()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        Assert.Contains("The text message was delivered.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        var listed = (await alice.GetAsync("/dev/phone")).Text;

        var states = new List<(Delivery, SmsFailure?)>();
        foreach (var simulated in SimulatedNumbers.All)
        {
            Assert.Contains($"{simulated.Number}: {simulated.Meaning}", listed);
            id = await alice.TellsAsync(app);
            await app.FailsAsync(id, SmsFailure.Blocked);
            await alice.GetAsync($"/conversations/{id:N}");
            await alice.SubmitAsync("form[action$=send-again]", ("mobile", simulated.Number.ToString()));
            await app.DoQueuedWorkAsync();
            var conversation = await app.ConversationAsync(id);
            Assert.Equal(simulated.Number.E164, conversation.Mobile);
            states.Add((conversation.Delivery, conversation.DeliveryFailure));
        }

        Assert.Equal(
            [
                (Delivery.Failed, SmsFailure.WrongNumber), (Delivery.Failed, SmsFailure.NotAMobile), (Delivery.Failed, SmsFailure.OptedOut),
                (Delivery.Failed, SmsFailure.Unreachable), (Delivery.Failed, SmsFailure.Blocked), (Delivery.Failed, SmsFailure.Other),
                (Delivery.Unknown, null), (Delivery.Queued, null), (Delivery.Sent, null),
            ], states);
    }

    private static (int Events, int Told) Report(Conversation conversation, Guid attempt, SmsReport report)
    {
        var (events, messages) = TrackDeliveryHandler.Decide(
            new(conversation.Id, attempt, report, report == SmsReport.Failed ? SmsFailure.Unreachable : null), conversation, At);
        foreach (var happened in events)
            ((dynamic)conversation).Apply((dynamic)happened);
        return (events.Count, messages.Count);
    }
}
