using System.Security.Cryptography;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.EraseConversation;

/// <summary>Erases what is past its practice's retention, counted from the sending. What can still be answered stays.</summary>
public sealed class RetentionSweep(
    IDatabase database, IDocumentSession documents, InstallationRules rules, IServiceScopeFactory scopes, TimeProvider time, ILogger<RetentionSweep> logger) : ISweep
{
    /// <summary>Read at once; each is a transaction of its own, so nobody waits for them.</summary>
    private const int Batch = 100;

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var practice in await documents.ListAsync<Practice>(cancellation))
            if (rules.Of(practice).RetentionDays is { } days && await EraseAsync(practice.Id, now - TimeSpan.FromDays(days), cancellation) is > 0 and var erased)
                logger.LogInformation("Past retention: {Count} conversations erased", erased);
    }

    /// <summary>Whether a conversation that was sent long enough ago may go.</summary>
    public static bool IsDue(Conversation conversation, DateTimeOffset sentBefore, DateTimeOffset now) =>
        conversation.Sent.At < sentBefore && conversation.IsOverAt(now);

    private async Task<int> EraseAsync(string practice, DateTimeOffset sentBefore, CancellationToken cancellation)
    {
        var erased = 0;
        for (var last = new Row(Guid.Empty, 0); ;)
        {
            var rows = await database.QueryAsync<Row>(
                $"""
                select id, sent_at as SentAt from mt_doc_conversation_row
                where practice = @practice and sent_at < @before and (sent_at, id) > (@at, @id) order by sent_at, id limit {Batch}
                """, new { practice, before = Instant.To(sentBefore), at = last.SentAt, id = last.Id }, cancellation);
            foreach (var row in rows)
                if (await EraseIfDueAsync(row.Id, sentBefore, cancellation))
                    erased++;
            if (rows.Count < Batch)
                return erased;
            last = rows[^1];
        }
    }

    private async Task<bool> EraseIfDueAsync(Guid id, DateTimeOffset sentBefore, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        try
        {
            return await session.DecideAsync(async () =>
            {
                // Another copy may have been faster, and somebody may have written to it.
                var now = time.GetUtcNow();
                if (await session.Events.FetchForWriting<Conversation>(id, cancellation) is not { } stream || !IsDue(stream.Aggregate, sentBefore, now))
                    return false;
                Erasure.Enlist(session, id, "system", Erasure.PastRetention, now, stream.History.Count);
                await session.SaveChangesAsync(cancellation);
                return true;
            });
        }
        catch (CryptographicException)
        {
            // Somebody changed it: the others are erased all the same, and `verify` names it.
            logger.LogError("Conversation {Id} is past retention but cannot be read", id);
            return false;
        }
    }

    private sealed record Row(Guid Id, long SentAt);
}
