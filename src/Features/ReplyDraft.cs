using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>What a patient wrote and attached and did not send yet. Shown only in the browser that wrote it; never to a
/// clinician; gone when sent, cancelled or expired, and after 24 hours.</summary>
/// <param name="Proxy">Who writes for the patient, as far as it is typed; null when the patient does.</param>
/// <param name="TypedAt">When the text was typed, in milliseconds by the browser's own clock; 0 without a script. All tabs of a
/// browser share that clock, so newer words win whatever order they arrive in.</param>
public sealed record ReplyDraft(
    string Id, Guid ConversationId, string Text, IReadOnlyList<ReplyFile> Files, DateTimeOffset StartedAt, long TypedAt = 0, Proxy? Proxy = null) : IShortLived
{
    public Guid? Stream => ConversationId;

    public DateTimeOffset? Expires => StartedAt + PatientSessions.DraftLifetime;

    public static string IdOf(Guid conversationId, string browser) => $"{conversationId:N}-{browser}";

    /// <summary>This browser's, of all drafts of the conversation.</summary>
    public static ReplyDraft Of(IEnumerable<ReplyDraft> all, Guid conversationId, string browser, DateTimeOffset now) =>
        all.FirstOrDefault(draft => draft.Id == IdOf(conversationId, browser)) is { } draft && draft.Expires > now
            ? draft
            : new(IdOf(conversationId, browser), conversationId, "", [], now);
}
