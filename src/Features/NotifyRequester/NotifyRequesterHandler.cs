using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

public static class NotifyRequesterHandler
{
    /// <summary>Sends one email, to the person who asked and to nobody else.</summary>
    public static async Task HandleAsync(
        NotifyRequester message, IDocumentSession session, IEmailSender email, PublicAddress address, CancellationToken cancellation)
    {
        var stream = await session.Events.FetchForWriting<Conversation>(message.ConversationId, cancellation);
        if (stream?.Aggregate is not { } conversation || !IsStillWanted(message, conversation))
            return;
        if (await session.LoadAsync<Clinician>(conversation.RequesterId, cancellation) is not { Disabled: false } requester)
            return;
        var messageId = $"<{message.NoticeId:N}@{new Uri(address.Root).Host}>";
        var mail = NotificationEmail.Of(message.Notice, requester.Email, messageId, address.Conversation(conversation.Id));
        await email.SendAsync(mail with { ClinicianId = requester.Id }, cancellation);
    }

    public static Task HandleAsync(Parked<NotifyRequester> parked, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<Conversation>(parked.Message.ConversationId, conversation => Parked(parked.Message, conversation, time.GetUtcNow()));

    /// <summary>The mail was refused, or the relay was away for days: the conversation says so, because no mail can.</summary>
    public static (Events, OutgoingMessages) Parked(NotifyRequester message, Conversation conversation, DateTimeOffset now) =>
        IsStillWanted(message, conversation) ? ([new RequesterNotEmailed(message.Notice, now)], []) : ([], []);

    private static bool IsStillWanted(NotifyRequester message, Conversation conversation) =>
        message.Notice != Notice.StillUnread || conversation.HasUnreadReply;
}
