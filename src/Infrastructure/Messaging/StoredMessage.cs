using System.Runtime.CompilerServices;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage;
using Wolverine.Runtime.Serialization;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>A row of the queue, or of what was parked, read without trusting it.</summary>
public sealed class StoredMessage
{
    private const int Page = 500;
    private const string All = "select id, body, message_type as Type, received_at as Queue from";
    private const string Columns = $"{All} {Envelopes.Inbox} where status <> 'Handled'";

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

    /// <summary>Those of one type that wait or were parked, by their column or by their own word, a page at a time. Damaged ones, which are named
    /// elsewhere, are left out.</summary>
    public static async IAsyncEnumerable<(Guid Id, T Message)> OfAsync<T>(IDatabase database, [EnumeratorCancellation] CancellationToken cancellation) where T : class, IMessage
    {
        const string isOne = "(message_type like '%' || @name or position(convert_to(@name, 'UTF8') in body) > 0)";
        foreach (var rows in new[] { $"{Columns} and {isOne}", $"{All} {Envelopes.DeadLetters} where {isOne}" })
            await foreach (var row in PagesAsync(database, rows, typeof(T).Name, cancellation))
                if (row.Read<T>() is { } message)
                    yield return (row.Id, message);
    }

    /// <summary>Those that should have been begun by <paramref name="before"/> and were not, the longest due first.</summary>
    public static Task<IReadOnlyList<StoredMessage>> NotBegunAsync(IDatabase database, DateTimeOffset before, CancellationToken cancellation) =>
        database.QueryAsync<StoredMessage>(Columns + " and owner_id = 0 and execution_time <= @before order by execution_time limit 200", new { before }, cancellation);

    /// <summary>All that wait, a page at a time.</summary>
    public static IAsyncEnumerable<StoredMessage> AllAsync(IDatabase database, CancellationToken cancellation) => PagesAsync(database, Columns, "", cancellation);

    /// <param name="name">What <paramref name="rows"/> may ask for.</param>
    private static async IAsyncEnumerable<StoredMessage> PagesAsync(IDatabase database, string rows, string name, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await database.QueryAsync<StoredMessage>($"{rows} and id > @after order by id limit {Page}", new { after, name }, cancellation);
            foreach (var row in page)
                yield return row;
            if (page.Count < Page)
                yield break;
            after = page[^1].Id;
        }
    }
}
