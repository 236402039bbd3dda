using System.Globalization;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.UploadReply;

/// <summary>What became of words that were saved before sending.</summary>
/// <param name="Dead">Why the link cannot be used any more: nothing was saved.</param>
/// <param name="Newer">When newer words were typed, or all were deleted: nothing was saved.</param>
public sealed record KeptText(LinkState? Dead = null, long? Newer = null)
{
    /// <summary>As <see cref="ReplyDraft.TypedAt"/>; 0 for what is no instant.</summary>
    public static long Instant(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var instant) ? instant : 0;

    /// <param name="link">The hash of the link that the browser came in by; null where only its draft is known.</param>
    /// <param name="typedAt">0 where nobody can tell: then these words win.</param>
    /// <returns>Null when there is no such conversation.</returns>
    public static Task<KeptText?> SaveAsync(
        IDocumentSession session, Guid conversationId, string browser, string? link, string text, Proxy? proxy, long typedAt,
        DateTimeOffset arrivedAt, TimeProvider time) =>
        session.DecideAsync(async () =>
        {
            if (await FreshReply.FetchAsync(session, conversationId) is not var (stream, staging, drafts))
                return null;
            if (DeadState(stream.Aggregate, link, arrivedAt) is { } dead)
                return new KeptText(Dead: dead);
            var now = time.GetUtcNow();
            var draft = ReplyDraft.Of(drafts, conversationId, browser, now);
            if (typedAt > 0 && (typedAt < draft.TypedAt || staging.IsDeleted(browser, typedAt)))
                return new KeptText(Newer: Math.Max(draft.TypedAt, staging.Deletions?.GetValueOrDefault(browser) ?? 0));
            if (text != draft.Text || proxy != draft.Proxy || typedAt > draft.TypedAt)
            {
                session.Store(staging);
                DraftKeeping.Keep(session, draft with { Text = text, Proxy = proxy, TypedAt = Math.Max(typedAt, draft.TypedAt) }, drafts, now);
                await session.SaveChangesAsync();
            }
            return new KeptText();
        });

    private static LinkState? DeadState(Conversation conversation, string? link, DateTimeOffset now) =>
        link is not null ? UploadReplyHandler.DeadState(conversation, link, now)
        : conversation.LinkAt(now) is var state and not (LinkState.Open or LinkState.Locked) ? state
        : null;
}
