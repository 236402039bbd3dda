using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features;
using PatientResponse.Features.SendAgain;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendingAgain;

public class SendAgainTests
{
    private static readonly DateTimeOffset Later = Given.SentAt + TimeSpan.FromHours(1);
    private static readonly SmsFailed Failed = new(Guid.Empty, SmsFailure.Blocked, Later);

    [Fact]
    public void The_same_words_go_out_with_a_new_link_and_nothing_else_changes()
    {
        var token = LinkToken.New();
        var conversation = Given.Conversation(Given.Asked, Given.Accepted, new DateOfBirthRefused("x", Later));

        var (events, messages) = SendAgainHandler.Handle(new(1, token, $"https://new.example/r/{token.Value}"), conversation, Later);

        var again = Assert.IsType<SmsSentAgain>(Assert.Single(events));
        Assert.Equal(Given.Asked.Sms.Replace($"https://old.example/r/{Given.Token}", $"https://new.example/r/{token.Value}"), again.Sms);
        Assert.Equal(token.Value, again.Token);
        Assert.Equal(new DeliverSms(Given.Id, 2, Later), Assert.Single(messages).Message);
        conversation.Apply(again);
        Assert.Equal(Conversation.DateOfBirthTries - 1, conversation.TriesLeft);
        Assert.Equal(Given.SentAt + Conversation.TimeToReply, conversation.Deadline);
    }

    [Fact]
    public void A_message_without_a_reply_goes_again_only_when_it_may_not_have_arrived()
    {
        Assert.Null(SendAgainHandler.Validate(Given.Conversation(Given.Told, Failed), null, Later));
        Assert.Null(SendAgainHandler.Validate(Given.Conversation(Given.Told, new SmsUnknown(Guid.Empty, Later)), null, Later));
        Assert.NotNull(SendAgainHandler.Validate(Given.Conversation(Given.Told, Given.Accepted), null, Later));
        var (events, _) = SendAgainHandler.Handle(new(1, LinkToken.New(), "https://new.example/r/x"), Given.Conversation(Given.Told, Failed), Later);
        Assert.Equal([new SmsSentAgain(Given.Told.Sms, null, Later)], events);
    }

    [Fact]
    public void Nothing_goes_twice_while_the_first_may_still_go() =>
        Assert.All<object[]>([[], [new SmsAttempted(Guid.Empty, Later)], [new SmsPostponed(Guid.Empty, Later)]],
            events => Assert.Contains("still being sent", SendAgainHandler.Validate(Given.Conversation([Given.Asked, .. events]), null, Later)));

    [Fact]
    public void A_request_that_is_over_or_locked_is_not_sent_again()
    {
        string? Refusal(object what, DateTimeOffset? at = null) =>
            SendAgainHandler.Validate(Given.Conversation(Given.Asked, Given.Accepted, what), null, at ?? Later);

        Assert.Null(Refusal(new ConversationOpened(Later)));
        Assert.Contains("replied", Refusal(Given.Replied));
        Assert.Contains("locked", Refusal(new LinkLocked(Later)));
        Assert.Contains("cancelled", Refusal(new ConversationCancelled(Later)));
        Assert.Contains("time to reply has ended", Refusal(new ConversationOpened(Later), Given.SentAt + Conversation.TimeToReply));
    }

    [Fact]
    public void Somebody_who_has_died_meanwhile_gets_no_message()
    {
        var patient = new Patient("test", "", "Test", "Patient", NhsNumber.Parse("9990000018"), new(1980, 1, 1), null, "", false, false, true);
        var conversation = Given.Conversation(Given.Asked, Given.Accepted);
        Assert.Null(SendAgainHandler.Validate(conversation, patient, Later));
        Assert.Contains("died", SendAgainHandler.Validate(conversation, patient with { Deceased = true }, Later));
        Assert.Contains("sensitive", SendAgainHandler.Validate(conversation, patient with { Restricted = true }, Later));
    }

    [Fact]
    public async Task Alice_sends_again_and_only_the_new_link_works()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var old = app.NewestLink();
        await alice.GetAsync($"/conversations/{id:N}");

        await alice.SubmitAsync("form[action$=send-again]");
        await app.DoQueuedWorkAsync();

        Assert.Contains("sent again with a new link", alice.Page.Text);
        Assert.Equal(2, app.SentTexts.Count);
        Assert.NotEqual(old, app.NewestLink());
        Assert.Equal(app.SentTexts[1].Text, app.SentTexts[0].Text.Replace(app.NewestLink(), old));
        Assert.Equal(HttpStatusCode.Gone, (await app.NewBrowser().GetAsync(old)).Status);
        Assert.StartsWith("/reply/", (await app.PatConfirmsAsync(app.NewestLink())).Page.Address.AbsolutePath);
    }

    [Fact]
    public async Task Whoever_came_in_by_the_old_link_cannot_answer_once_there_is_a_new_one()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var pat = await app.PatOpensAsync(app.NewestLink());
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$=send-again]");

        var page = await pat.AnswersAsync("Written on the wrong phone");

        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("Written on the wrong phone", page.Text);
        Assert.Null((await app.ConversationAsync(id)).Reply);
    }

    [Fact]
    public async Task A_double_click_sends_once()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        var (first, second) = (alice.Submission("form[action$=send-again]"), alice.Submission("form[action$=send-again]"));

        await alice.SendAsync(first);
        await app.DoQueuedWorkAsync();
        await alice.OpenAsync(second);
        await app.DoQueuedWorkAsync();

        Assert.Equal(HttpStatusCode.OK, alice.Page.Status);
        Assert.Equal(2, app.SentTexts.Count);
    }

    [Theory]
    [InlineData("07700 900 555")]
    [InlineData("0770")]
    public async Task A_page_of_before_does_not_pretend_to_have_sent_to_another_number(string mobile)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        var (first, second) = (alice.Submission("form[action$=send-again]"), alice.Submission("form[action$=send-again]", ("mobile", mobile)));

        await alice.SendAsync(first);
        await alice.OpenAsync(second);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.DoesNotContain("is being sent again", alice.Page.Text);
        Assert.Equal("+447700900001", (await app.ConversationAsync(id)).Mobile);
    }

    [Fact]
    public async Task A_double_click_with_another_number_sends_once()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        var clicks = new[] { alice.Submission("form[action$=send-again]", ("mobile", "07700 900 555")), alice.Submission("form[action$=send-again]", ("mobile", "07700 900 555")) };

        foreach (var click in clicks)
        {
            await alice.OpenAsync(click);
            await app.DoQueuedWorkAsync();
        }

        Assert.Equal(HttpStatusCode.OK, alice.Page.Status);
        Assert.Equal(2, app.SentTexts.Count);
    }

    [Fact]
    public async Task Wrong_dates_of_birth_stay_spent_on_the_new_link()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        for (var day = 1; day < Conversation.DateOfBirthTries; day++)
            await app.PatConfirmsAsync(app.NewestLink(), day, 2, 1990);
        await alice.GetAsync($"/conversations/{id:N}");
        await alice.SubmitAsync("form[action$=send-again]");
        await app.DoQueuedWorkAsync();

        await app.PatConfirmsAsync(app.NewestLink(), 28, 2, 1990);

        Assert.Equal(HttpStatusCode.Forbidden, (await app.NewBrowser().GetAsync(app.NewestLink())).Status);
    }

    [Fact]
    public async Task Sending_again_counts_towards_the_most_that_a_person_may_send_in_a_day()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var practice = (await session.LoadAsync<Practice>("demo"))!;
            practice.DailyCapPerClinician = 1;
            session.Store(practice);
            await session.SaveChangesAsync();
            return true;
        });
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");

        await alice.SubmitAsync("form[action$=send-again]");
        await app.DoQueuedWorkAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.Contains("the most text messages that one person may send in a day", alice.Page.Text);
        Assert.Single(app.SentTexts);
    }

    [Fact]
    public async Task Alice_sends_a_message_again_that_was_not_delivered()
    {
        var carrier = new Carrier { Outcome = new SmsOutcome.Permanent(SmsFailure.Blocked) };
        await using var app = new TestApp { Replace = services => services.Replace(ServiceDescriptor.Singleton<ISmsSender>(carrier)) };
        var alice = await app.AliceSignsInAsync();
        var id = await alice.TellsAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("The text message was not delivered. The mobile network blocked it.", alice.Page.Text);
        Assert.Empty(carrier.Taken);

        carrier.Outcome = new SmsOutcome.Accepted("sid");
        await alice.SubmitAsync("form[action$=send-again]");
        await app.DoQueuedWorkAsync();
        await alice.GetAsync($"/conversations/{id:N}");

        Assert.Single(carrier.Taken);
        Assert.Contains("The text message was sent. The mobile network has not said yet", alice.Page.Text);
        Assert.Null(alice.Page.Html.QuerySelector("form[action$=send-again]"));
    }

    [Fact]
    public async Task Alice_corrects_the_number_for_this_conversation_only()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await alice.GetAsync($"/conversations/{id:N}");

        await alice.SubmitAsync("form[action$=send-again]", ("mobile", "020 7946 0000"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.StartsWith("Error: ", alice.Page.Title);
        Assert.Contains("landline", alice.Page.Html.QuerySelector("#mobile-error")!.TextContent);
        Assert.Equal("#mobile", alice.Page.Html.QuerySelector(".nhsuk-error-summary a")!.GetAttribute("href"));
        Assert.Equal("020 7946 0000", alice.Page.Html.QuerySelector("#mobile")!.GetAttribute("value"));
        Assert.True(alice.Page.Html.QuerySelector("#mobile")!.Closest("details")!.HasAttribute("open"));
        Assert.Single(app.SentTexts);

        await alice.SubmitAsync("form[action$=send-again]", ("mobile", "07700 900 555"));
        await app.DoQueuedWorkAsync();

        Assert.Equal("+447700900555", app.SentTexts[0].To);
        var page = await alice.GetAsync($"/conversations/{id:N}");
        Assert.Contains("You changed the mobile number of this conversation to one that ends in 555", page.Text);
        await alice.GetAsync(Scenario.TestPatient);
        Assert.Contains("07700 900001", alice.Page.Text);
    }

    private sealed class Carrier : ISmsSender
    {
        public SmsOutcome Outcome { get; set; } = null!;

        public List<OutgoingSms> Taken { get; } = [];

        public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
        {
            if (Outcome is SmsOutcome.Accepted)
                Taken.Add(sms);
            return Task.FromResult(Outcome);
        }
    }
}
