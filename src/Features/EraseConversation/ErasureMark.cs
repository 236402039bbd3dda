using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.EraseConversation;

/// <summary>A conversation that was found past its retention. It is erased by a later reading of the clocks, a day on at the earliest; until
/// then the operator can see it, and keep it.</summary>
public sealed record ErasureMark(string Id, Guid Conversation, DateTimeOffset MarkedAt, DateTimeOffset? KeptAt = null) : IDocument
{
    /// <summary>Between the mark and the end.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(1);

    public Guid? Stream => Conversation;

    /// <summary>When it goes; null where it was kept, and its days count anew from then.</summary>
    public DateTimeOffset? Expires => KeptAt is null ? MarkedAt + Notice : null;

    public static string IdOf(Guid conversation) => $"{conversation:N}";

    public static ErasureMark New(Guid conversation, DateTimeOffset now) => new(IdOf(conversation), conversation, now);
}
