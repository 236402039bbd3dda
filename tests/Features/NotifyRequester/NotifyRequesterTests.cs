using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Notifying;

public class NotifyRequesterTests
{
    [Theory]
    [InlineData(Notice.Replied, "A patient has replied to your message")]
    [InlineData(Notice.NotDelivered, "Your message to a patient was not delivered")]
    [InlineData(Notice.DeliveryUnknown, "We cannot tell whether your message reached a patient")]
    [InlineData(Notice.Locked, "A patient cannot open your message")]
    [InlineData(Notice.Expired, "A patient has not replied to your message in time")]
    [InlineData(Notice.StillUnread, "A patient's reply is still waiting for you")]
    [InlineData(Notice.FileInfected, "A file in a patient's reply contains a virus")]
    public void Each_notice_says_what_happened_and_where_to_look(Notice notice, string subject)
    {
        var email = NotificationEmail.Of(notice, "alice@example.nhs.uk", "<id@host>", "https://reply.example/conversations/1");
        Assert.Equal(subject, email.Subject);
        Assert.Contains("https://reply.example/conversations/1", email.Text);
    }

    [Fact]
    public async Task The_email_goes_to_the_requester_only_and_says_nothing_about_the_patient()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Is the rash on your Elbow gone?");
        await TellAsync(app, new(id, Notice.Replied, Guid.NewGuid()));

        var email = Assert.Single(app.SentEmails);

        Assert.Equal(Scenario.AlicesEmail, email.To);
        var all = email.Subject + email.Text.Replace($"{id:N}", "", StringComparison.Ordinal); // Which may hold any digits.
        Assert.All(["Test", "Patient,", "999", "1980", "0770", "rash", "elbow"], identifier => Assert.DoesNotContain(identifier, all));
        Assert.DoesNotContain(app.NewestLink(), all);
    }

    [Fact]
    public async Task The_link_in_the_email_opens_the_conversation()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Is the rash gone?");
        await TellAsync(app, new(id, Notice.Replied, Guid.NewGuid()));

        var link = app.SentEmails[0].Text.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal));

        Assert.Contains("Is the rash gone?", (await alice.GetAsync(link)).Text);
    }

    [Fact]
    public async Task The_same_notice_has_the_same_message_id_however_often_it_is_sent()
    {
        var sent = new Mailbox();
        await using var app = new TestApp
        {
            Settings = { ["PublicUrl"] = "https://reply.example.nhs.uk" },
            Replace = services => services.Replace(ServiceDescriptor.Singleton<IEmailSender>(sent)),
        };
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        var expired = NotifyRequester.Once(id, Notice.Expired);
        Assert.NotEqual(expired.NoticeId, NotifyRequester.Once(id, Notice.Locked).NoticeId);

        await TellAsync(app, expired);
        await TellAsync(app, NotifyRequester.Once(id, Notice.Expired));

        Assert.Equal([$"<{expired.NoticeId:N}@reply.example.nhs.uk>", $"<{expired.NoticeId:N}@reply.example.nhs.uk>"], sent.Emails.Select(email => email.MessageId));
    }

    [Fact]
    public async Task Nobody_is_told_about_a_conversation_that_was_erased()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Events.Erase<Conversation>(id, "test");
            await session.SaveChangesAsync();
            return true;
        });

        await TellAsync(app, new(id, Notice.Replied, Guid.NewGuid()));

        Assert.Empty(app.SentEmails);
    }

    private static async Task TellAsync(TestApp app, NotifyRequester notice)
    {
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Publish(new OutgoingMessages { notice });
            await session.SaveChangesAsync();
            return true;
        });
        await app.DoQueuedWorkAsync();
    }

    private sealed class Mailbox : IEmailSender
    {
        public List<OutgoingEmail> Emails { get; } = [];

        public Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
        {
            Emails.Add(email);
            return Task.CompletedTask;
        }
    }
}
