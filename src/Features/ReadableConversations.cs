using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>Several conversations, of which one that is damaged does not take the others away.</summary>
/// <param name="Unreadable">Those that are damaged.</param>
public sealed record ReadableConversations(IReadOnlyList<IEventStream<Conversation>> Found, IReadOnlyList<Guid> Unreadable)
{
    /// <summary>To be asked together with other things.</summary>
    public static Func<Task<ReadableConversations>> Ask(IReading reading, IDocumentSession session, IDatabase database, Sought which, CancellationToken cancellation)
    {
        var all = reading.FetchAll<Conversation>(which);
        return async () =>
        {
            try
            {
                return new(all.Value, []);
            }
            catch (Exception e) when (DamagedException.Is(e))
            {
                return await OneByOneAsync(session, await database.QueryAsync<Guid>($"select found.id from {which.Sql} as found(id)", which.Parameters, cancellation), cancellation);
            }
        };
    }

    private static async Task<ReadableConversations> OneByOneAsync(IDocumentSession session, IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        var (found, unreadable) = (new List<IEventStream<Conversation>>(), new List<Guid>());
        foreach (var id in ids)
        {
            try
            {
                if (await session.Events.FetchForWriting<Conversation>(id, cancellation) is { } stream)
                    found.Add(stream);
            }
            catch (Exception e) when (DamagedException.Is(e))
            {
                unreadable.Add(id);
            }
        }
        return new(found, unreadable);
    }
}
