using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.Desk;

/// <summary>A clinician's conversations: what is to be done first, then the newest, and apart from them those without an answer.</summary>
/// <param name="Rows">One more than was asked for, where there are more.</param>
/// <param name="Unanswered">The latest of them.</param>
/// <param name="AllUnanswered">How many there are.</param>
public sealed record DeskGroups(IReadOnlyList<ConversationSummary> Rows, IReadOnlyList<ConversationSummary> Unanswered, long AllUnanswered)
{
    /// <summary>How many without an answer are listed; the rest has a page of its own.</summary>
    private const int MostUnanswered = 50;

    /// <summary>Asks for them together with other things.</summary>
    /// <param name="from">Only what comes after this place; without it from the beginning.</param>
    public static Func<CancellationToken, Task<DeskGroups>> Ask(
        IReading reading, IDocumentSession session, IDatabase database, string requester, int most, ListKey? from, DateTimeOffset now)
    {
        var (filter, unanswered) = (ListFilter.AllButNoAnswer.Rows(from, now), ListFilter.NoAnswer.Rows(null, now));
        var rows = ConversationSummary.Mine(reading, requester, most + 1, filter);
        var ended = ConversationSummary.Mine(reading, requester, MostUnanswered, unanswered);
        var counting = ListFilter.NoAnswer.Count(requester, now);
        var count = reading.Query<long>(counting.Sql, counting.Parameters);
        return async cancellation => new(
            await rows.OrElseAsync(() => ConversationSummary.MineAsync(session, database, requester, most + 1, cancellation, filter)),
            await ended.OrElseAsync(() => ConversationSummary.MineAsync(session, database, requester, MostUnanswered, cancellation, unanswered)),
            count.Value[0]);
    }
}
