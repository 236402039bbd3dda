using PatientResponse.Features;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Features.SendMessage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.TrackingDelivery;

/// <summary>Alice's SMS may have gone, and the provider keeps a list.</summary>
public class LookUpSmsTests
{
    [Fact]
    public async Task An_SMS_that_may_have_gone_is_looked_up_for_ten_minutes_and_then_Alice_is_told()
    {
        await using var alice = await StartAsync(_ => null);
        var id = await alice.SendAsync();
        var began = alice.Copy.Time.GetUtcNow();
        await alice.Copy.DoQueuedWorkAsync();
        await alice.RunAgainAsync(id);
        await alice.WaitAsync(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Equal(Delivery.Sending, (await alice.Copy.ReadAsync(id)).Delivery);
        Assert.Empty(alice.Copy.Emails);
        await alice.WaitAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(["MessageSent", "SmsAttempted", "SmsUnknown"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(alice.Copy.Emails));
        var search = alice.Carrier.Searches[0];
        Assert.Equal(("+447700900123", alice.Carrier.Calls[0].Text, began), (search.To, search.Text, search.Since));
        var searches = alice.Carrier.Searches.Count;
        await alice.WaitAsync(TimeSpan.FromDays(1));
        Assert.Equal((1, searches, 0), (alice.Carrier.Calls.Count, alice.Carrier.Searches.Count, await alice.Database.CountAsync(QueuedWork.Waiting)));
    }

    [Fact]
    public async Task What_the_list_says_settles_it()
    {
        await using var alice = await StartAsync(_ => null);
        var id = await alice.SendAsync();
        await alice.Copy.DoQueuedWorkAsync();
        alice.Carrier.List = _ => new(SmsReport.Failed, SmsFailure.OptedOut);
        await alice.WaitAsync(TimeSpan.FromDays(1));

        Assert.Equal(["MessageSent", "SmsAttempted", "SmsFailed"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(SmsFailure.OptedOut, (await alice.Copy.ReadAsync(id)).DeliveryFailure);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(alice.Copy.Emails));
        Assert.Single(alice.Carrier.Calls);
    }

    [Fact]
    public async Task After_a_report_the_list_is_not_asked_any_more()
    {
        await using var alice = await StartAsync(_ => null);
        var id = await alice.SendAsync();
        await alice.Copy.DoQueuedWorkAsync();
        var searches = alice.Carrier.Searches.Count;
        await alice.Copy.SaveAsync(session => session.Publish(new() { new RecordDelivery(id, alice.Carrier.Calls[0].AttemptId, SmsReport.Sent, null) }));
        await alice.WaitAsync(TimeSpan.FromHours(1));

        Assert.Equal(["MessageSent", "SmsAttempted", "SmsAccepted"], await alice.Copy.EventsOfAsync(id));
        Assert.Equal(searches, alice.Carrier.Searches.Count);
        Assert.Empty(alice.Copy.Emails);
    }

    [Fact]
    public async Task A_process_that_stopped_during_the_call_leaves_one_that_looks_it_up()
    {
        await using var alice = await StartAsync(_ => new(SmsReport.Sent));
        var id = await alice.SendAsync();
        await alice.Copy.AppendAsync(id, new SmsAttempted(Guid.NewGuid(), alice.Copy.Time.GetUtcNow()));
        await alice.Copy.DoQueuedWorkAsync();

        Assert.Empty(alice.Carrier.Calls);
        Assert.Equal(["MessageSent", "SmsAttempted", "SmsAccepted"], await alice.Copy.EventsOfAsync(id));
        Assert.Empty(alice.Copy.Emails);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_time_and_again_is_no_silence()
    {
        await using var alice = await StartAsync(_ => throw new InvalidOperationException("A bug"));
        var id = await alice.SendAsync();
        await alice.Copy.DoQueuedWorkAsync();
        await alice.WaitAsync(FailedMessages.MaxAttempts * TimeSpan.FromMinutes(10));

        Assert.Equal(Delivery.Unknown, (await alice.Copy.ReadAsync(id)).Delivery);
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(alice.Copy.Emails));
    }

    [Fact]
    public async Task A_cancelled_request_still_learns_what_became_of_its_SMS()
    {
        await using var alice = await StartAsync(_ => null);
        var id = await alice.SendAsync();
        await alice.Copy.DoQueuedWorkAsync();
        await alice.Copy.AppendAsync(id, new ConversationCancelled(alice.Copy.Time.GetUtcNow()));
        alice.Carrier.List = _ => new(SmsReport.Delivered);
        await alice.WaitAsync(TimeSpan.FromMinutes(1));

        var conversation = await alice.Copy.ReadAsync(id);
        Assert.Equal((ConversationStatus.Cancelled, Delivery.Delivered), (conversation.Status, conversation.Delivery));
    }

    private static async Task<Sending> StartAsync(Func<SmsSearch, SmsNews?> list)
    {
        var alice = await Sending.StartAsync();
        (alice.Carrier.Answer, alice.Carrier.List) = (_ => Task.FromResult<SmsOutcome>(new SmsOutcome.Unknown(CanBeLookedUp: true)), list);
        return alice;
    }
}
