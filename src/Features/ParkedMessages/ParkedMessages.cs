using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ParkedMessages;

/// <summary>A message that was tried too often and waits for an operator. Its body holds ids only.</summary>
public sealed record ParkedMessage(string Id, string Type, long ParkedAt, long Attempts, string? Error, string Body)
{
    private const string Columns = "select id, type, parked_at as ParkedAt, attempts, error, body from messages where parked_at is not null";

    public static Task<IReadOnlyList<ParkedMessage>> AllAsync(IDatabase database, CancellationToken cancellation) =>
        database.QueryAsync<ParkedMessage>(Columns + " order by parked_at, id", null, cancellation);

    /// <summary>Null when there is none of this id, or it is not parked.</summary>
    public static async Task<ParkedMessage?> FindAsync(IDatabase database, string id, CancellationToken cancellation) =>
        (await database.QueryAsync<ParkedMessage>(Columns + " and id = @id", new { id }, cancellation)).SingleOrDefault();

    /// <summary>Puts it back into the queue, as if it had never been tried.</summary>
    public Statement Retry(DateTimeOffset now) => new(
        "update messages set parked_at = null, attempts = 0, error = null, lease = null, lease_until = 0, due = @now where id = @id and parked_at is not null",
        new Dictionary<string, object?> { ["id"] = Id, ["now"] = Instant.To(now) }, MustAffect: 1);

    public Statement Discard() => new("delete from messages where id = @id and parked_at is not null", new Dictionary<string, object?> { ["id"] = Id }, MustAffect: 1);
}
