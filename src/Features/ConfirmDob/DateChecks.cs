using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ConfirmDob;

/// <summary>Makes the checks of one conversation come one after the other: each is saved together with a new version of this
/// document. Otherwise dates that arrive at once would all be compared before the first five wrong ones lock the link.</summary>
public sealed record DateChecks(string Id, Guid ConversationId) : IShortLived
{
    public Guid? Stream => ConversationId;

    /// <param name="stored">Of the conversation.</param>
    public static DateChecks Of(IReadOnlyList<DateChecks> stored, Guid conversationId) => stored.SingleOrDefault() ?? new($"{conversationId:N}", conversationId);
}
