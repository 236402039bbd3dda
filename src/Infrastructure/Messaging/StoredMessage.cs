using System.Text.Json;
using PatientResponse.Infrastructure.Storage;
using Wolverine.Runtime.Serialization;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>A row of the queue, read without trusting it.</summary>
public sealed class StoredMessage
{
    private const string Columns = $"select id, body, message_type as Type, received_at as Queue from {Envelopes.Inbox} where status <> 'Handled'";

    public Guid Id { get; init; }
    public byte[] Body { get; init; } = [];
    public string? Type { get; init; }
    public string? Queue { get; init; }

    /// <summary>Wolverine can read it. It stops reading others, too, at one that it cannot.</summary>
    public bool IsSound
    {
        get
        {
            try
            {
                EnvelopeSerializer.Deserialize(Body);
                return Queue == Envelopes.Queue.ToString();
            }
            catch (Exception)
            {
                return false;
            }
        }
    }

    /// <summary>What it says, where it is such a message by its column or by its own word; null where it is another, or cannot be read.</summary>
    public T? Read<T>() where T : class, IMessage
    {
        try
        {
            var envelope = EnvelopeSerializer.Deserialize(Body);
            return new[] { Type, envelope.MessageType }.Any(type => Envelopes.NameOf(type) == typeof(T).Name) ? JsonSerializer.Deserialize<T>(envelope.Data) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Those of one type, by its name.</summary>
    public static Task<IReadOnlyList<StoredMessage>> OfAsync<T>(IDatabase database, CancellationToken cancellation) where T : IMessage =>
        database.QueryAsync<StoredMessage>(Columns + " and message_type like '%' || @name", new { name = typeof(T).Name }, cancellation);

    /// <summary>Those that should have been begun by <paramref name="before"/> and were not, the longest due first.</summary>
    public static Task<IReadOnlyList<StoredMessage>> NotBegunAsync(IDatabase database, DateTimeOffset before, CancellationToken cancellation) =>
        database.QueryAsync<StoredMessage>(Columns + " and owner_id = 0 and execution_time <= @before order by execution_time limit 200", new { before }, cancellation);

    /// <summary>All that wait, a page at a time.</summary>
    public static async IAsyncEnumerable<StoredMessage> AllAsync(IDatabase database, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        const int page = 500;
        for (var after = Guid.Empty; ;)
        {
            var rows = await database.QueryAsync<StoredMessage>(Columns + $" and id > @after order by id limit {page}", new { after }, cancellation);
            foreach (var row in rows)
                yield return row;
            if (rows.Count < page)
                yield break;
            after = rows[^1].Id;
        }
    }
}
