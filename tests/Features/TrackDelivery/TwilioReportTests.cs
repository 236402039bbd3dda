using System.Net;
using System.Text;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.TrackingDelivery;

public class TwilioReportTests(TwilioCounterpart twilio)
{
    [Fact]
    public async Task Only_what_Twilio_signed_for_our_address_and_just_as_it_came_is_taken()
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        var (id, message) = await SentAsync(app);
        var fields = app.Fields(message, "delivered");
        var callback = message.Fields["StatusCallback"];
        var path = new Uri(callback).PathAndQuery;
        var good = await twilio.SignAsync(app.Account.Token, callback, fields);

        HttpStatusCode[] refused =
        [
            await app.PostAsync(path, null, fields),
            await app.PostAsync(path, "", fields),
            await app.PostAsync(path, "made up", fields),
            await app.PostAsync(path, await twilio.SignAsync("another token", callback, fields), fields),
            await app.PostAsync(path, await twilio.SignAsync("", callback, fields), fields),
            // Signed by Twilio, for another host, which the request then names as ours.
            await app.SendReportAsync(message, fields, "https://evil.example" + path, host: "evil.example"),
            await app.SendReportAsync(message, fields, "http://localhost" + path),
            await app.SendReportAsync(message, fields, callback + "&more=1"),
            await app.SendReportAsync(message, app.Fields(message, "failed", 30003), sent: fields),
            await app.SendReportAsync(message, fields, sent: new Dictionary<string, string>(fields) { ["ErrorCode"] = "30003" }),
            await app.PostAsync(path.Replace("attempt", "attempts", StringComparison.Ordinal), good, fields),
        ];
        await app.DoQueuedWorkAsync();

        Assert.All(refused, status => Assert.Equal(HttpStatusCode.Forbidden, status));
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);

        Assert.Equal(HttpStatusCode.NoContent, await app.PostAsync(path, good, fields, host: "10.0.0.7"));
        await app.DoQueuedWorkAsync();
        Assert.Equal(Delivery.Delivered, (await app.ConversationAsync(id)).Delivery);
    }

    [Fact]
    public async Task Repeated_reports_and_reports_out_of_order_leave_the_right_status_and_delivered_stays()
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        var (id, message) = await SentAsync(app);
        foreach (var (status, code, expected) in new (string, int?, Delivery)[]
        {
            ("sent", null, Delivery.Sent), ("queued", null, Delivery.Sent), ("undelivered", 30003, Delivery.Failed), ("undelivered", 30003, Delivery.Failed),
            ("sent", null, Delivery.Failed), ("delivered", null, Delivery.Delivered), ("delivered", null, Delivery.Delivered),
            ("failed", 30008, Delivery.Delivered), ("sent", null, Delivery.Delivered),
        })
        {
            Assert.Equal(HttpStatusCode.NoContent, await app.ReportsAsync(message, status, code));
            Assert.Equal(expected, (await app.ConversationAsync(id)).Delivery);
        }
        Assert.Single(app.SentEmails);
    }

    [Fact]
    public async Task A_report_that_names_no_attempt_of_ours_or_says_nothing_changes_nothing()
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        var (id, message) = await SentAsync(app);
        foreach (var query in new[] { "", "?conversation=1&attempt=2", $"?conversation={id:N}", $"?conversation={id:N}&attempt={Guid.NewGuid():N}", $"?conversation={Guid.NewGuid():N}&attempt={Guid.NewGuid():N}" })
        {
            var fields = app.Fields(message, "failed", 30003);
            var signature = await twilio.SignAsync(app.Account.Token, $"{TwilioApp.Public}/webhooks/twilio{query}", fields);
            Assert.Equal(HttpStatusCode.NoContent, await app.PostAsync("/webhooks/twilio" + query, signature, fields));
        }
        await app.ReportsAsync(message, "received");
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
        Assert.Empty(app.SentEmails);
    }

    [Theory]
    [InlineData(30003, SmsFailure.Unreachable)]
    [InlineData(30004, SmsFailure.Blocked)]
    [InlineData(30005, SmsFailure.WrongNumber)]
    [InlineData(30006, SmsFailure.NotAMobile)]
    [InlineData(30007, SmsFailure.Blocked)]
    [InlineData(21610, SmsFailure.OptedOut)]
    [InlineData(30036, SmsFailure.GaveUp)]
    [InlineData(30008, SmsFailure.Other)]
    [InlineData(null, SmsFailure.Other)]
    public void Why_an_SMS_did_not_arrive_is_said_in_our_words(int? code, SmsFailure reason) =>
        Assert.Equal(new SmsNews(SmsReport.Failed, reason), TwilioStatus.News("undelivered", code));

    [Fact]
    public async Task A_report_that_is_far_too_long_is_refused_unread()
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        app.UsePort();
        using var http = new HttpClient();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, "/webhooks/twilio"))
        {
            Content = new StringContent("Body=" + new string('a', 70_000), Encoding.ASCII, "application/x-www-form-urlencoded"),
        };
        request.Headers.Add(TwilioSignature.Header, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.SendAsync(request)).StatusCode);
    }

    private static async Task<(Guid Id, FakeMessage Message)> SentAsync(TwilioApp app)
    {
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        return (id, Assert.Single(app.Account.Messages));
    }
}
