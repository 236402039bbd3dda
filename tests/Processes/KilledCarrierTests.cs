using PatientResponse.Features;
using PatientResponse.Tests.Infrastructure.Sms.Notify;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>A process that is killed while the carrier takes the SMS leaves one SMS, and the next finds it in the carrier's list.</summary>
public class KilledCarrierTests(TwilioCounterpart twilio, NotifyCounterpart notify)
{
    [Fact]
    public async Task Twilio_s_list_has_it_by_its_number_and_words()
    {
        var carrier = await twilio.CarrierAsync();
        var account = carrier.NewAccount();
        account.TakesAnd = FakeAccount.Hangs;
        await FindsItAsync(account.TakesOneAsync, ChildApp.OwnCarrier, $"Twilio:BaseUrl={carrier.Address}", $"Twilio:AccountSid={account.Sid}", $"Twilio:AuthToken={account.Token}", "Twilio:From=Riverside");
        Assert.Equal((1, 1), (account.Calls, account.Messages.Count));
    }

    [Fact]
    public async Task Notify_s_list_has_it_by_our_reference()
    {
        var fake = await notify.NotifyAsync();
        var service = fake.NewService();
        service.TakesAnd = FakeAccount.Hangs;
        await FindsItAsync(
            service.TakesOneAsync, ChildApp.OwnNotify, $"Notify:BaseUrl={fake.Address}", $"Notify:ApiKey={service.Key}", $"Notify:SmsTemplateId={service.TemplateId}", $"Notify:CallbackToken={NotifyApp.Token}");
        Assert.Equal((1, 1), (service.Calls, service.Notifications.Count));
    }

    private static async Task FindsItAsync(Func<Task> isTaken, params string[] settings)
    {
        await using var app = new ServedApp();
        await app.StartAsync(settings: settings);
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        await isTaken();
        await app.KillAsync();
        Assert.Equal(Delivery.Sending, (await app.ReadAsync(id)).Delivery);

        await app.StartAsync(settings: settings);
        await ServedApp.UntilAsync(async () => (await app.ReadAsync(id)).Delivery == Delivery.Sent, "the list settles it");
        Assert.Empty(app.Posted("email", "We cannot tell"));
        Assert.DoesNotContain("7700900001", app.Output, StringComparison.Ordinal);
    }
}
