using System.Net;
using PatientResponse.Features;
using PatientResponse.Tests.Infrastructure.Sms.Notify;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.TrackingDelivery;

public class NotifyReportTests(NotifyCounterpart notify)
{
    [Fact]
    public async Task Only_what_bears_the_token_that_was_agreed_is_taken()
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        var report = NotifyApp.Report(app.Service.Notifications[0].Reference, "delivered");
        foreach (var authorization in new[] { null, "", "Bearer", "Bearer ", "Bearer made-up", $"Basic {NotifyApp.Token}", NotifyApp.Token, $"Bearer {NotifyApp.Token}x", $"Bearer {NotifyApp.Token[..^1]}" })
            Assert.Equal(HttpStatusCode.Forbidden, await app.PostAsync(report, authorization));
        await app.DoQueuedWorkAsync();
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);

        Assert.Equal(HttpStatusCode.NoContent, await app.PostAsync(report, $"Bearer {NotifyApp.Token}"));
        await app.DoQueuedWorkAsync();
        Assert.Equal(Delivery.Delivered, (await app.ConversationAsync(id)).Delivery);
    }

    [Fact]
    public async Task Where_no_token_was_agreed_nothing_is_taken()
    {
        await using var app = new TestApp();
        foreach (var authorization in new[] { "Bearer ", "Bearer x", "" })
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/webhooks/notify") { Content = new StringContent(NotifyApp.Report("1", "delivered")) };
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            Assert.Equal(HttpStatusCode.Forbidden, (await app.NewBrowser().SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task What_names_no_attempt_of_ours_or_says_nothing_changes_nothing()
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        var reference = app.Service.Notifications[0].Reference;
        foreach (var body in new[]
        {
            "", "null", "[]", "{", "{}", "{\"reference\":7}", "\"delivered\"", NotifyApp.Report(null, "delivered"), NotifyApp.Report("1", "delivered"), NotifyApp.Report("a-b-c", "delivered"),
            NotifyApp.Report($"{Guid.NewGuid():N}-{Guid.NewGuid():N}", "delivered"), NotifyApp.Report($"{id:N}-{Guid.NewGuid():N}", "delivered"),
            NotifyApp.Report(reference, "received"), NotifyApp.Report(reference, "delivered", "email"), NotifyApp.Report(reference, ""),
        })
            Assert.Equal(HttpStatusCode.NoContent, await app.PostAsync(body, $"Bearer {NotifyApp.Token}"));
        await app.DoQueuedWorkAsync();
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
        Assert.Empty(app.SentEmails);
    }
}
