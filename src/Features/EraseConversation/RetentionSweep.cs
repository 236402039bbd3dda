using System.Security.Cryptography;
using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Features.EraseConversation;

/// <summary>Marks what is past its practice's retention, counted from the sending, and erases it a day later. What can still be answered stays.</summary>
public sealed class RetentionSweep(
    IDatabase database, IDocumentSession documents, InstallationRules rules, Keyring keyring, IServiceScopeFactory scopes, Measures measures, ILogger<RetentionSweep> logger) : ISweep
{
    /// <summary>Read at once; each is a transaction of its own, so nobody waits for them.</summary>
    private const int Batch = 100;

    public Task SweepAsync(DateTimeOffset now, CancellationToken cancellation) => RunAsync(now, isReleased: false, cancellation);

    /// <param name="isReleased">By the operator's word, however many go at once.</param>
    /// <returns>How many were erased.</returns>
    public async Task<int> RunAsync(DateTimeOffset now, bool isReleased, CancellationToken cancellation)
    {
        var erased = 0;
        var (practices, unreadable) = await documents.ListReadableAsync<Practice>(database, cancellation);
        foreach (var name in unreadable)
            logger.LogError("document/Practice/{Name} cannot be read: nothing of that practice is marked or erased", name);
        foreach (var practice in practices)
        {
            var sentBefore = rules.Of(practice).RetentionDays is { } days ? now - TimeSpan.FromDays(days) : (DateTimeOffset?)null;
            var mayErase = isReleased || await IsWithinShareAsync(practice.Id, sentBefore, now, cancellation);
            var done = await EachAsync(practice.Id, sentBefore, now, mayErase, cancellation);
            erased += done[RetentionStep.Erase];
            if (done[RetentionStep.Mark] > 0)
                logger.LogInformation("Past retention: {Count} conversations marked; they are erased after {At:O}", done[RetentionStep.Mark], now + ErasureMark.Notice);
            if (done[RetentionStep.Erase] > 0)
                logger.LogInformation("Past retention: {Count} conversations erased", done[RetentionStep.Erase]);
        }
        return erased;
    }

    /// <summary>Far more at once than usual is more likely a mistake than a day's work: then none go before the operator has said so.</summary>
    private async Task<bool> IsWithinShareAsync(string practice, DateTimeOffset? sentBefore, DateTimeOffset now, CancellationToken cancellation)
    {
        var count = (await database.QueryAsync<Counts>(
            """
            select count(*) as all, count(*) filter (where r.sent_at < @before and m.expires <= @now) as going
            from mt_doc_conversation_row r left join mt_doc_sealed m on m.stream = r.id and m.type = 'ErasureMark' where r.practice = @practice
            """, new { practice, before = Before(sentBefore), now = Instant.To(now) }, cancellation))[0];
        var isWithin = count.Going <= RetentionHandler.MostAtOnce(count.All, rules.RetentionPercentAtOnce);
        if (measures.ErasuresHeld(practice, isWithin ? 0 : count.Going) && !isWithin)
            logger.LogError("Past retention: {Count} of {All} conversations of practice {Practice} are to be erased at once, more than {Percent} %. "
                + "None is, before the operator looks at them with 'erase --marked' and says 'erase --release'", count.Going, count.All, practice, rules.RetentionPercentAtOnce);
        return isWithin;
    }

    private async Task<Dictionary<RetentionStep, int>> EachAsync(
        string practice, DateTimeOffset? sentBefore, DateTimeOffset now, bool mayErase, CancellationToken cancellation)
    {
        var done = Enum.GetValues<RetentionStep>().ToDictionary(step => step, _ => 0);
        for (var last = new Row(Guid.Empty, 0); ;)
        {
            // Due and not marked, or marked and going, kept, of a day to come, or not due any more. Those in between wait.
            var rows = await database.QueryAsync<Row>(
                $"""
                select r.id, r.sent_at as SentAt from mt_doc_conversation_row r left join mt_doc_sealed m on m.stream = r.id and m.type = 'ErasureMark'
                where r.practice = @practice and (r.sent_at, r.id) > (@at, @id)
                    and case when r.sent_at < @before then m.id is null or m.expires is null or (m.expires <= @now and @mayErase) or m.expires > @latest else m.expires is not null end
                order by r.sent_at, r.id limit {Batch}
                """,
                new { practice, mayErase, before = Before(sentBefore), now = Instant.To(now), latest = Instant.To(now + ErasureMark.Notice + ClockJudge.Apart), at = last.SentAt, id = last.Id }, cancellation);
            foreach (var row in rows)
                done[await TryAsync(row.Id, sentBefore, now, mayErase, cancellation)]++;
            if (rows.Count < Batch)
                return done;
            last = rows[^1];
        }
    }

    private async Task<RetentionStep> TryAsync(Guid id, DateTimeOffset? sentBefore, DateTimeOffset now, bool mayErase, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        try
        {
            return await session.DecideAsync(async () =>
            {
                // Another copy may have been faster, and somebody may have written to it.
                if (await session.Events.FetchForWriting<Conversation>(id, cancellation) is not { } stream)
                    return RetentionStep.Nothing;
                var mark = await session.LoadAsync<ErasureMark>(ErasureMark.IdOf(id), cancellation);
                var step = RetentionHandler.Decide(stream.Aggregate, mark, sentBefore, now);
                if (step == RetentionStep.Nothing || (step == RetentionStep.Erase && !mayErase))
                    return RetentionStep.Nothing;
                Enlist(session, step, stream, mark, now);
                await session.SaveChangesAsync(cancellation);
                return step;
            });
        }
        catch (CryptographicException)
        {
            // Somebody changed it: the others are erased all the same, and `verify` names it.
            logger.LogError("Conversation {Id} is past retention but cannot be read", id);
            return RetentionStep.Nothing;
        }
    }

    private void Enlist(IDocumentSession session, RetentionStep step, IEventStream<Conversation> stream, ErasureMark? mark, DateTimeOffset now)
    {
        switch (step)
        {
            case RetentionStep.Mark:
                session.Store(ErasureMark.New(stream.Id, now));
                session.Audit("system", "marked for erasure", stream.Id.ToString("N"), Erasure.PastRetention);
                break;
            case RetentionStep.Unmark:
                session.Delete(mark!);
                session.Audit("system", "not marked for erasure any more", stream.Id.ToString("N"));
                break;
            case RetentionStep.Erase:
                // Whoever keeps it at this moment comes before all of this, or too late.
                session.Delete(mark!);
                var order = new ErasureOrder(stream.Id, Erasure.PastRetention, "system", now).Sign(keyring);
                Erasure.Enlist(session, stream.Id, "system", Erasure.PastRetention, order, now, stream.History.Count);
                break;
        }
    }

    private static long Before(DateTimeOffset? sentBefore) => sentBefore is { } before ? Instant.To(before) : 0;

    private sealed record Row(Guid Id, long SentAt);

    private sealed record Counts(long All, long Going);
}
