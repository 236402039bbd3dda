using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Infrastructure.Sms.Notify;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>Alice's messages go out through GOV.UK Notify, which may do anything.</summary>
public class NotifyDeliveryTests(NotifyCounterpart notify)
{
    /// <summary>Ways in which Notify may have taken an SMS without our hearing of it.</summary>
    private static readonly Dictionary<string, Func<HttpContext, Task>> Unsure = new()
    {
        ["it times out"] = FakeAccount.Hangs,
        ["it resets the connection"] = FakeAccount.Resets,
        ["it answers 500"] = context => FakeService.RefuseAsync(context, 500, "Exception"),
        ["something in between answers 503"] = context => FakeService.RefuseAsync(context, 503, null),
        ["something in between answers 400"] = context => FakeService.RefuseAsync(context, 400, null),
        ["something in between answers 429"] = context => FakeService.RefuseAsync(context, 429, null),
        ["it sends us elsewhere"] = async context =>
        {
            context.Response.Headers.Location = context.Request.Path.Value;
            await FakeService.RefuseAsync(context, 307, "RateLimitError");
        },
        ["it answers with nothing"] = context => SaysAsync(context, ""),
        ["it answers with a message without an id"] = context => SaysAsync(context, "{\"reference\":\"1\"}"),
        ["its answer is cut off"] = context => SaysAsync(context, "{\"id\": "),
        ["its answer is a list"] = context => SaysAsync(context, "[1]"),
    };

    public static TheoryData<string> WaysToBeUnsure => new(Unsure.Keys);

    [Fact]
    public async Task The_SMS_that_Alice_saw_goes_out_once_and_its_delivery_is_told()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Ça va? It costs €5 ((not a placeholder)). \"Quoted\".");

        var sent = Assert.Single(app.Service.Notifications);
        var conversation = await app.ConversationAsync(id);
        Assert.Equal((conversation.Sms, "+447700900001", $"{id:N}-{conversation.LastAttempt:N}"), (sent.Text, sent.To, sent.Reference));
        Assert.Contains("The text message was sent. The mobile network has not said yet", (await alice.GetAsync($"/conversations/{id:N}")).Text);

        Assert.Equal(HttpStatusCode.NoContent, await app.ReportsAsync(sent, "delivered"));
        Assert.Contains("The text message was delivered.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal(1, app.Service.Calls);
        Assert.Empty(app.SentEmails);
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(WaysToBeUnsure))]
    public async Task When_Notify_takes_an_SMS_and_does_not_say_so_its_list_settles_it(string way)
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        app.Service.TakesAnd = Unsure[way];
        var alice = await app.AliceSignsInAsync();
        var id = await SendsAsync(app, alice);
        await app.WaitAsync(TimeSpan.FromMinutes(15));

        Assert.Equal((1, 1), (app.Service.Calls, app.Service.Notifications.Count));
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
        Assert.Empty(app.SentEmails);
    }

    [Fact]
    public async Task While_the_list_is_away_too_Alice_is_told_that_nobody_knows_and_a_late_report_settles_it()
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        (app.Service.TakesAnd, app.Service.ListIsAway) = (FakeAccount.Resets, true);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.WaitAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(Delivery.Unknown, (await app.ConversationAsync(id)).Delivery);
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(app.SentEmails).Subject);

        await app.ReportsAsync(app.Service.Notifications[0], "delivered");
        Assert.Equal((1, Delivery.Delivered), (app.Service.Calls, (await app.ConversationAsync(id)).Delivery));
    }

    /// <summary>Notify lists what it takes by our reference: what is not there after ten minutes did not go.</summary>
    [Fact]
    public async Task What_Notify_never_took_is_known_not_to_have_gone_and_goes_once_when_Alice_sends_it_again()
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        app.Service.Refuses = async context =>
        {
            await FakeAccount.Resets(context);
            return true;
        };
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.WaitAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(Delivery.Sending, (await app.ConversationAsync(id)).Delivery);
        await app.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Contains("It could not be handed to the mobile network in time.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(app.SentEmails).Subject);
        Assert.Equal(1, app.Service.Calls);
        app.Service.Refuses = null;
        await alice.SubmitAsync("form[action$=send-again]");
        await app.DoQueuedWorkAsync();
        Assert.Single(app.Service.Notifications);
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
    }

    [Theory]
    [InlineData("permanent-failure", "The number is not in use, or the mobile network refused it.")]
    [InlineData("temporary-failure", "The phone was off, out of reach or full.")]
    [InlineData("technical-failure", "Something went wrong on the way to the mobile network.")]
    public async Task When_it_does_not_arrive_Alice_is_told_why_in_words_for_Notify_s_reasons(string status, string words)
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.ReportsAsync(app.Service.Notifications[0], status);
        await app.ReportsAsync(app.Service.Notifications[0], status);

        Assert.Contains(words, (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(app.SentEmails).Subject);
        await app.ReportsAsync(app.Service.Notifications[0], "delivered");
        Assert.Equal(Delivery.Delivered, (await app.ConversationAsync(id)).Delivery);
    }

    [Fact]
    public async Task A_number_that_Notify_refuses_is_not_tried_again_and_Alice_is_told_at_once()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Service.Refuses = FakeService.With(400, "ValidationError", "phone_number Not a UK mobile number");
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);

        Assert.Contains("The number is not in use.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        await app.WaitAsync(TimeSpan.FromHours(5));
        Assert.Equal(1, app.Service.Calls);
    }

    [Theory]
    [InlineData(400, "BadRequestError", "Cannot send to this recipient when service is in trial mode")]
    [InlineData(400, "ValidationError", "template_id is not a valid UUID")]
    [InlineData(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")]
    public async Task Trial_mode_keys_and_settings_are_the_operator_s_trouble_and_messages_wait_until_they_are_right(int status, string error, string message)
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Service.Refuses = FakeService.With(status, error, message);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "How is your elbow?");

        Assert.Equal((0, Delivery.Queued), (app.Service.Notifications.Count, (await app.ConversationAsync(id)).Delivery));
        Assert.Empty(app.SentEmails);
        var logged = Assert.Single(app.Log.Errors);
        Assert.Contains($"HTTP {status}, {error}", logged);
        Assert.Contains("trial mode", logged);
        app.Service.Refuses = null;
        await app.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Single(app.Service.Notifications);
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
    }

    [Fact]
    public async Task A_key_that_was_revoked_sends_nothing()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Settings["Notify:ApiKey"] = new FakeService().Key;
        await (await app.AliceSignsInAsync()).AsksAsync(app);
        Assert.Equal(0, app.Service.Calls);
        Assert.Contains("HTTP 403, AuthError", Assert.Single(app.Log.Errors));
    }

    [Fact]
    public async Task Too_many_in_a_minute_wait_for_a_minute()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Service.Refuses = FakeService.With(429, "RateLimitError");
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.WaitAsync(TimeSpan.FromSeconds(50));
        Assert.Equal(1, app.Service.Calls);
        app.Service.Refuses = null;
        await app.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
        Assert.Empty(app.Log.Errors);
    }

    [Fact]
    public async Task The_daily_limit_is_told_at_once_in_the_morning()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Service.Refuses = FakeService.With(429, "TooManyRequestsError");
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var page = await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("Your organisation has sent as many text messages as it may in a day.", page.Text);
        Assert.Contains("Send it again tomorrow", page.Text);
        Assert.Contains("daily limit", Assert.Single(app.Log.Errors));
    }

    [Fact]
    public async Task The_daily_limit_is_waited_out_in_the_late_evening()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Time.Advance(TimeSpan.FromHours(13)); // 10:30 pm
        app.Service.Refuses = FakeService.With(429, "TooManyRequestsError");
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.WaitAsync(TimeSpan.FromMinutes(90));
        Assert.Equal((1, Delivery.Queued), (app.Service.Calls, (await app.ConversationAsync(id)).Delivery));
        app.Service.Refuses = null;
        await app.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
    }

    [Fact]
    public async Task A_Notify_that_cannot_be_reached_is_asked_for_four_hours_and_then_Alice_is_told()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var address = $"http://{nobody.LocalEndpoint}";
        nobody.Stop();
        await using var app = NotifyApp.StartAt(address);
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        await app.WaitAsync(TimeSpan.FromHours(4) - TimeSpan.FromMinutes(1));
        Assert.Equal(Delivery.Queued, (await app.ConversationAsync(id)).Delivery);
        await app.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Delivery.Failed, (await app.ConversationAsync(id)).Delivery);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(app.SentEmails).Subject);
    }

    [Fact]
    public async Task A_service_that_puts_its_name_first_is_told_to_the_operator()
    {
        await using var app = await NotifyApp.StartAsync(notify);
        app.Service.Prefix = "Riverside: ";
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
        Assert.Contains("Start text messages with service name", Assert.Single(app.Log.Errors));
    }

    [Fact]
    public async Task No_number_word_or_key_is_logged_whatever_happens()
    {
        await using var app = await NotifyApp.StartDirectlyAsync(notify);
        (app.Service.TakesAnd, app.Service.ListIsAway) = (FakeAccount.Resets, true);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Wherever does your elbow ache?");
        await app.WaitAsync(TimeSpan.FromMinutes(11));
        app.Service.Refuses = FakeService.With(400, "BadRequestError", "+447700900001 has an elbow");
        await alice.AsksAsync(app, "Wherever does your elbow ache?");
        await app.PostAsync(NotifyApp.Report(app.Service.Notifications[0].Reference, "delivered"), "Bearer wrong");

        Assert.Contains("PatientResponse", app.Log.All);
        foreach (var secret in new[] { "7700900001", "elbow", (await app.ConversationAsync(id)).Token!, app.Service.Secret, NotifyApp.Token })
            Assert.DoesNotContain(secret, app.Log.All, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task SaysAsync(HttpContext context, string body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (201, "application/json");
        await context.Response.WriteAsync(body);
    }

    /// <summary>Alice asks; where Notify takes the SMS and is silent, as much time passes as we wait for it.</summary>
    private static async Task<Guid> SendsAsync(NotifyApp app, TestBrowser alice)
    {
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        var work = app.DoQueuedWorkAsync();
        await app.Service.TakesOneAsync();
        if (app.Service.TakesAnd == FakeAccount.Hangs)
            app.Time.Advance(NotifySmsSender.Patience);
        await work;
        return Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
    }
}
