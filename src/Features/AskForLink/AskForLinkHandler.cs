using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.AskForLink;

/// <param name="Link">The code of the link that does not work.</param>
/// <param name="NoticeId">For the email to the requester.</param>
public sealed record AskForLink(string Link, Guid NoticeId);

public static class AskForLinkHandler
{
    /// <summary>Whoever holds a dead link may press as often as they like: the requester hears of it once in this time.</summary>
    public static readonly TimeSpan OnceIn = TimeSpan.FromHours(24);

    /// <summary>Nothing where the requester has been told today, and where the link is not one to renew. The link itself never changes.</summary>
    public static (Events, OutgoingMessages) Handle(AskForLink command, Conversation conversation, DateTimeOffset now) =>
        conversation.LinkAt(now, command.Link) is LinkState.Expired or LinkState.Locked && !(now - conversation.NewLinkAskedAt < OnceIn)
            ? ([new NewLinkAsked(now)], new() { new NotifyRequester(conversation.Id, Notice.NewLinkAsked, command.NoticeId) })
            : ([], []);
}
