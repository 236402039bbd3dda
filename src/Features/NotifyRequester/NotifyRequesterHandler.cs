using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features;

public static class NotifyRequesterHandler
{
    /// <summary>Sends one email, to the person who asked and to nobody else. It is not called for an erased conversation.</summary>
    public static async Task HandleAsync(
        NotifyRequester message, Conversation conversation, IDocumentSession session, IEmailSender email, PublicAddress address, CancellationToken cancellation)
    {
        if (await session.LoadAsync<Clinician>(conversation.RequesterId, cancellation) is not { Disabled: false } requester)
            return;
        var messageId = $"<{message.NoticeId:N}@{new Uri(address.Root).Host}>";
        await email.SendAsync(NotificationEmail.Of(message.Notice, requester.Email, messageId, address.Conversation(conversation.Id)), cancellation);
    }
}
