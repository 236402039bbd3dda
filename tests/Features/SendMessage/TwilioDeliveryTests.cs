using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>Alice's messages go out through Twilio, which may do anything.</summary>
public class TwilioDeliveryTests(TwilioCounterpart twilio)
{
    private const string CannotTell = "We cannot tell whether this message arrived. Check with the patient.";

    /// <summary>Ways in which Twilio may have taken an SMS without our hearing of it.</summary>
    private static readonly Dictionary<string, Func<HttpContext, Task>> Unsure = new()
    {
        ["it times out"] = FakeAccount.Hangs,
        ["it resets the connection"] = FakeAccount.Resets,
        ["it answers 500"] = context => FakeAccount.RefuseAsync(context, 500, 20500),
        ["something in between answers 503"] = context => FakeAccount.RefuseAsync(context, 503, null),
        ["something in between answers 400"] = context => FakeAccount.RefuseAsync(context, 400, null),
        ["it answers 504"] = context => FakeAccount.RefuseAsync(context, 504, 20504),
        ["it sends us elsewhere"] = async context =>
        {
            context.Response.Headers.Location = context.Request.Path.Value;
            await FakeAccount.RefuseAsync(context, 307, 20429);
        },
        ["it answers in an encoding that does not exist"] = context => SaysAsync(context, "text/html; charset=x-none", "<h1>Thank you</h1>"),
        ["it answers with nothing"] = context => SaysAsync(context, "application/json", ""),
        ["it answers with a message without an id"] = context => SaysAsync(context, "application/json", "{\"status\":\"queued\"}"),
        ["its answer is cut off"] = context => SaysAsync(context, "application/json", "{\"sid\": "),
    };

    public static TheoryData<string> WaysToBeUnsure => new(Unsure.Keys);

    [Fact]
    public async Task The_SMS_that_Alice_saw_goes_out_once_and_its_delivery_is_told()
    {
        await using var app = await TwilioApp.StartAsync(twilio);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Ça va? It costs €5 – “quoted”.");

        var message = Assert.Single(app.Account.Messages);
        var conversation = await app.ConversationAsync(id);
        Assert.Equal((conversation.Sms, "+447700900001", "14400", "false"), (message.Fields["Body"], message.Fields["To"], message.Fields["ValidityPeriod"], message.Fields["SmartEncoded"]));
        Assert.Equal($"{TwilioApp.Public}/webhooks/twilio?conversation={id:N}&attempt={conversation.LastAttempt:N}", message.Fields["StatusCallback"]);
        Assert.Contains("The text message was sent. The mobile network has not said yet", (await alice.GetAsync($"/conversations/{id:N}")).Text);

        Assert.Equal(HttpStatusCode.NoContent, await app.ReportsAsync(message, "delivered"));
        Assert.Contains("The text message was delivered.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal(1, app.Account.Calls);
        Assert.Empty(app.SentEmails);
    }

    [Theory]
    [InlineData(null, "", "+447700900999", null)]
    [InlineData(null, "MG00000000000000000000000000000001", null, "MG00000000000000000000000000000001")]
    [InlineData("Riverside 1", "MG00000000000000000000000000000001", "Riverside 1", null)]
    public async Task An_SMS_is_from_the_practice_s_sender_name_or_else_from_what_is_configured(string? name, string service, string? from, string? messagingService)
    {
        await using var app = await TwilioApp.StartAsync(twilio);
        app.Settings["Twilio:MessagingServiceSid"] = service;
        var alice = await app.AliceSignsInAsync();
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var practice = (await session.ListAsync<Practice>()).Single();
            practice.SenderName = name;
            session.Store(practice);
            await session.SaveChangesAsync();
            return true;
        });
        await alice.AsksAsync(app);

        var fields = Assert.Single(app.Account.Messages).Fields;
        Assert.Equal((from, messagingService), (fields.GetValueOrDefault("From"), fields.GetValueOrDefault("MessagingServiceSid")));
    }

    [Theory]
    [MemberData(nameof(WaysToBeUnsure))]
    public async Task When_Twilio_takes_an_SMS_and_does_not_say_so_its_list_settles_it(string way)
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        app.Account.TakesAnd = Unsure[way];
        var alice = await app.AliceSignsInAsync();
        var id = await SendsAsync(app, alice);
        await app.WaitAsync(TimeSpan.FromMinutes(15));

        Assert.Equal((1, 1), (app.Account.Calls, app.Account.Messages.Count));
        Assert.Equal(Delivery.Sent, (await app.ConversationAsync(id)).Delivery);
        Assert.Empty(app.SentEmails);
    }

    [Theory]
    [MemberData(nameof(WaysToBeUnsure))]
    public async Task When_not_even_the_list_shows_it_Alice_is_told_and_a_late_report_still_settles_it(string way)
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        (app.Account.TakesAnd, app.Account.ListLags) = (Unsure[way], true);
        var alice = await app.AliceSignsInAsync();
        var id = await SendsAsync(app, alice);
        await app.WaitAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(Delivery.Sending, (await app.ConversationAsync(id)).Delivery);
        await app.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Contains(CannotTell, (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal("We cannot tell whether your message reached a patient", Assert.Single(app.SentEmails).Subject);

        await app.WaitAsync(TimeSpan.FromHours(5));
        Assert.Equal((1, 1), (app.Account.Calls, app.Account.Messages.Count));
        await app.ReportsAsync(app.Account.Messages[0], "delivered");
        alice = await app.AliceSignsInAsync();
        Assert.Contains("The text message was delivered.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Single(app.SentEmails);
    }

    [Fact]
    public async Task A_process_that_stopped_while_Twilio_took_the_SMS_finds_it_in_the_list()
    {
        await using var app = await TwilioApp.StartAsync(twilio);
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        // Another process began it, and stopped right after the call.
        await app.AppendAsync(id, new SmsAttempted(Guid.NewGuid(), app.Time.GetUtcNow()));
        app.Account.Has(new Dictionary<string, string> { ["To"] = "+447700900001", ["Body"] = (await app.ConversationAsync(id)).Sms });

        await app.DoQueuedWorkAsync();

        Assert.Equal((0, Delivery.Sent), (app.Account.Calls, (await app.ConversationAsync(id)).Delivery));
        Assert.Empty(app.SentEmails);
    }

    /// <summary>Alice's second SMS never leaves. What the list shows of the same number is something else.</summary>
    [Theory]
    [InlineData("her own first SMS in the same words, seconds before", "Your results are normal.", 20, true)]
    [InlineData("a colleague's SMS in the same words, minutes before", "Your results are normal.", 120, false)]
    [InlineData("a colleague's SMS in other words, at the same time", "Your results are here.", 20, false)]
    public async Task Another_SMS_is_not_taken_for_the_one_that_is_looked_for(string shown, string text, int secondsBefore, bool own)
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.TellsAsync(app);
        var first = Assert.Single(app.Account.Messages);
        await app.ReportsAsync(first, "failed", 30008);
        if (!own)
        {
            app.Account.Messages.Clear();
            app.Account.Has(new Dictionary<string, string>(first.Fields) { ["Body"] = first.Fields["Body"].Replace("Your results are normal.", text, StringComparison.Ordinal) });
        }
        await app.WaitAsync(TimeSpan.FromSeconds(secondsBefore));
        app.Account.Refuses = async context =>
        {
            await FakeAccount.Resets(context);
            return true;
        };
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$=send-again]");
        await app.DoQueuedWorkAsync();
        await app.WaitAsync(TimeSpan.FromMinutes(11));

        Assert.True((await app.ConversationAsync(id)).Delivery == Delivery.Unknown, shown);
        Assert.Equal(2, app.Account.Calls);
    }

    [Fact]
    public async Task When_the_list_says_that_it_failed_Alice_is_told_why()
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        app.Account.TakesAnd = async context =>
        {
            (app.Account.Messages[0].Status, app.Account.Messages[0].ErrorCode) = ("undelivered", 30006);
            await FakeAccount.Resets(context);
        };
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);

        Assert.Contains("The number is not a mobile number.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(app.SentEmails).Subject);
    }

    [Theory]
    [InlineData(21211, "The number is not in use.")]
    [InlineData(21614, "The number is not a mobile number.")]
    [InlineData(21610, "The patient has stopped text messages from this service.")]
    [InlineData(30007, "The mobile network blocked it.")]
    [InlineData(21999, "The mobile network did not say why.")]
    public async Task A_number_that_Twilio_refuses_is_not_tried_again_and_Alice_is_told_at_once(int code, string words)
    {
        await using var app = await TwilioApp.StartAsync(twilio);
        app.Account.Refuses = FakeAccount.With(400, code);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);

        Assert.Contains(words, (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(app.SentEmails).Subject);
        await app.WaitAsync(TimeSpan.FromHours(5));
        Assert.Equal(1, app.Account.Calls);
    }

    [Theory]
    [InlineData(429, 20429)]
    [InlineData(429, null)]
    [InlineData(503, 20503)]
    public async Task A_busy_Twilio_is_asked_again_when_it_says_so_with_the_same_link(int status, int? code)
    {
        await using var app = await TwilioApp.StartAsync(twilio);
        app.Account.Refuses = FakeAccount.With(status, code, "600");
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var link = (await app.ConversationAsync(id)).Token!;
        await app.WaitAsync(TimeSpan.FromSeconds(590));
        Assert.Equal(1, app.Account.Calls);
        app.Account.Refuses = null;
        await app.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Contains($"/r/{link}", Assert.Single(app.Account.Messages).Fields["Body"]);
        Assert.Equal((2, Delivery.Sent), (app.Account.Calls, (await app.ConversationAsync(id)).Delivery));
    }

    [Fact]
    public async Task A_Twilio_that_cannot_be_reached_is_asked_for_four_hours_and_then_Alice_is_told()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var address = $"http://{nobody.LocalEndpoint}";
        nobody.Stop();
        await using var app = TwilioApp.StartAt(twilio, address);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.WaitAsync(TimeSpan.FromHours(4) - TimeSpan.FromMinutes(1));
        Assert.Equal(Delivery.Queued, (await app.ConversationAsync(id)).Delivery);
        Assert.Empty(app.SentEmails);
        await app.WaitAsync(TimeSpan.FromMinutes(1));

        alice = await app.AliceSignsInAsync();
        Assert.Contains("It could not be handed to the mobile network in time.", (await alice.GetAsync($"/conversations/{id:N}")).Text);
        Assert.Equal("Your message to a patient was not delivered", Assert.Single(app.SentEmails).Subject);
    }

    [Fact]
    public async Task Wrong_credentials_are_the_operator_s_trouble_and_messages_wait_until_they_are_right()
    {
        await using var app = await TwilioApp.StartAsync(twilio);
        app.Settings["Twilio:AuthToken"] = "wrong";
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "How is your elbow?");

        Assert.Equal((0, Delivery.Queued), (app.Account.Messages.Count, (await app.ConversationAsync(id)).Delivery));
        Assert.Empty(app.SentEmails);
        var error = Assert.Single(app.Log.Errors);
        Assert.Contains("HTTP 401, code 20003", error);
        Assert.DoesNotContain("7700900001", error);
    }

    [Fact]
    public async Task No_number_word_or_key_is_logged_whatever_happens()
    {
        await using var app = await TwilioApp.StartDirectlyAsync(twilio);
        (app.Account.TakesAnd, app.Account.ListLags) = (FakeAccount.Resets, true);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Wherever does your elbow ache?");
        await app.WaitAsync(TimeSpan.FromMinutes(11));
        app.Account.Refuses = FakeAccount.With(400, 21211);
        await alice.AsksAsync(app, "Wherever does your elbow ache?");
        await app.ReportsAsync(app.Account.Messages[0], "failed", 30003);

        Assert.Contains("PatientResponse", app.Log.All);
        foreach (var secret in new[] { "7700900001", "elbow", (await app.ConversationAsync(id)).Token!, app.Account.Token })
            Assert.DoesNotContain(secret, app.Log.All, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task SaysAsync(HttpContext context, string contentType, string body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (201, contentType);
        await context.Response.WriteAsync(body);
    }

    /// <summary>Alice asks; where Twilio takes the SMS and is silent, as much time passes as we wait for it.</summary>
    private static async Task<Guid> SendsAsync(TwilioApp app, TestBrowser alice)
    {
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        var work = app.DoQueuedWorkAsync();
        await app.Account.TakesOneAsync();
        if (app.Account.TakesAnd == FakeAccount.Hangs)
            app.Time.Advance(TwilioSmsSender.Patience);
        await work;
        return Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
    }
}
