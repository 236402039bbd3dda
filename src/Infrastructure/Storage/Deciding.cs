namespace PatientResponse.Infrastructure.Storage;

/// <summary>Two writers decided at once: the second reads again and decides again.</summary>
public static class Deciding
{
    /// <summary>A conflict means that somebody else got through, so fifty who save twice each need a hundred tries at most.</summary>
    private const int MostTries = 100;

    /// <param name="decide">Reads, decides and saves; it is called again from the start after a conflict.</param>
    public static async Task<T> DecideAsync<T>(this IDocumentSession session, Func<Task<T>> decide)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await decide();
            }
            catch (ConcurrencyException) when (attempt < MostTries)
            {
                session.Forget();
            }
        }
    }

    /// <summary>What is decided about a stream becomes part of the session's next save; nothing where the stream was erased.</summary>
    public static async Task DecideAsync<T>(this IDocumentSession session, Guid id, Func<T, (Events, OutgoingMessages)> decide) where T : class, IAggregate, new()
    {
        if (await session.Events.FetchForWriting<T>(id) is not { } stream)
            return;
        var (events, messages) = decide(stream.Aggregate);
        stream.AppendMany(events);
        session.Publish(messages);
    }
}
