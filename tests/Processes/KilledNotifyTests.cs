using PatientResponse.Features;
using PatientResponse.Tests.Infrastructure.Sms.Notify;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

public class KilledNotifyTests(NotifyCounterpart notify)
{
    [Fact]
    public async Task A_process_that_is_killed_while_Notify_takes_the_SMS_leaves_one_SMS_and_the_next_finds_it_by_its_reference()
    {
        var fake = await notify.NotifyAsync();
        var service = fake.NewService();
        service.TakesAnd = FakeAccount.Hangs;
        string[] settings =
        [
            ChildApp.OwnNotify, $"Notify:BaseUrl={fake.Address}", $"Notify:ApiKey={service.Key}", $"Notify:SmsTemplateId={service.TemplateId}", $"Notify:CallbackToken={NotifyApp.Token}",
        ];
        await using var app = new ServedApp();
        await app.StartAsync(settings: settings);
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        await service.TakesOneAsync();
        await app.KillAsync();
        Assert.Equal(Delivery.Sending, (await app.ReadAsync(id)).Delivery);

        await app.StartAsync(settings: settings);
        await ServedApp.UntilAsync(async () => (await app.ReadAsync(id)).Delivery == Delivery.Sent, "the list settles it");

        Assert.Equal((1, 1), (service.Calls, service.Notifications.Count));
        Assert.Empty(app.Posted("email", "We cannot tell"));
        Assert.DoesNotContain("7700900001", app.Output, StringComparison.Ordinal);
    }
}
