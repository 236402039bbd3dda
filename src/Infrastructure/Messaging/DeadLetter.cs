using PatientResponse.Infrastructure.Storage;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>A message that was given up and waits for an operator, in Wolverine's table.</summary>
/// <param name="Error">Never what an exception of somebody else's said.</param>
/// <param name="Body">Ids; empty where it cannot be read.</param>
public sealed record DeadLetter(Guid Id, string Type, DateTimeOffset ParkedAt, int Attempts, string Error, string Body)
{
    private const string Columns = $"select id, message_type as MessageType, execution_time as ParkedAt, exception_message as Error, body from {Envelopes.DeadLetters}";

    public static async Task<IReadOnlyList<DeadLetter>> AllAsync(IDatabase database, CancellationToken cancellation) =>
        [.. (await database.QueryAsync<Row>(Columns + " order by execution_time, id", null, cancellation)).Select(Read)];

    /// <summary>Null when there is none of this id.</summary>
    public static async Task<DeadLetter?> FindAsync(IDatabase database, Guid id, CancellationToken cancellation) =>
        (await database.QueryAsync<Row>(Columns + " where id = @id", new { id }, cancellation)).Select(Read).SingleOrDefault();

    /// <summary>Puts it back into the queue, as if it had never been tried.</summary>
    public Statement Retry(DateTimeOffset now) => new(
        $"""
        insert into {Envelopes.Inbox}(id, body, status, owner_id, execution_time, attempts, message_type, received_at)
        select id, body, 'Incoming', 0, @now, 0, message_type, '{Envelopes.Queue}' from {Envelopes.DeadLetters} where id = @id
        """, new Dictionary<string, object?> { ["id"] = Id, ["now"] = now }, MustAffect: 1);

    public Statement Discard() => new Statement($"delete from {Envelopes.DeadLetters} where id = @id", new Dictionary<string, object?> { ["id"] = Id }, MustAffect: 1).Over(Id);

    internal static Statement Insert(Envelope envelope, string kind, string error, DateTimeOffset now) =>
        Insert(envelope.Id, EnvelopeSerializer.Serialize(envelope), envelope.MessageType, kind, error, now);

    internal static Statement Insert(Guid id, byte[] body, string? type, string kind, string error, DateTimeOffset now) => new(
        $"""
        insert into {Envelopes.DeadLetters}(id, execution_time, body, message_type, received_at, exception_type, exception_message, sent_at, replayable)
        values(@id, @now, @body, @type, '{Envelopes.Queue}', @kind, @error, @now, false)
        """,
        new Dictionary<string, object?> { ["id"] = id, ["now"] = now, ["body"] = body, ["type"] = type ?? "", ["kind"] = kind, ["error"] = error });

    private static DeadLetter Read(Row row)
    {
        var (attempts, body) = (0, "");
        try
        {
            var envelope = EnvelopeSerializer.Deserialize(row.Body);
            (attempts, body) = (envelope.Attempts, Envelopes.BodyOf(envelope));
        }
        catch (Exception)
        {
            // Damaged: what its columns say is all there is.
        }
        return new(row.Id, Envelopes.NameOf(row.MessageType), row.ParkedAt ?? DateTime.UnixEpoch, attempts, row.Error ?? "", body);
    }

    private sealed class Row
    {
        public Guid Id { get; init; }
        public string? MessageType { get; init; }
        public DateTime? ParkedAt { get; init; }
        public string? Error { get; init; }
        public byte[] Body { get; init; } = [];
    }
}
