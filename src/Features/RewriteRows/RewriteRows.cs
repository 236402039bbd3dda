using System.Security.Cryptography;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.RewriteRows;

/// <summary>Writes the rows of lists anew that an earlier version wrote: they would say too little until the next thing happens to their
/// conversation. Pages read them meanwhile as they are.</summary>
public sealed class RewriteRows(IDatabase database, IDocumentSession documents, IServiceScopeFactory scopes, ILogger<RewriteRows> logger) : ISweep
{
    private const int Batch = 200;

    /// <summary>Copies of the earlier version may still be writing: it is over with a run that finds none.</summary>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var note = await documents.LoadAsync<RowsRewritten>(RowsRewritten.TheOne, cancellation);
        if (note?.Form >= ConversationRow.CurrentForm || await RunAsync(cancellation) > 0)
            return;
        documents.Store(new RowsRewritten(ConversationRow.CurrentForm));
        try
        {
            await documents.SaveChangesAsync(cancellation);
        }
        catch (ConcurrencyException)
        {
            // Another copy noted it.
        }
    }

    /// <returns>How many were written.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var written = 0;
        for (var after = Guid.Empty; ;)
        {
            var ids = await database.QueryAsync<Guid>(
                $"""
                select id from mt_doc_conversation_row
                where id > @after and coalesce((data ->> 'Form')::bigint, 0) < @form order by id limit {Batch}
                """, new { after, form = ConversationRow.CurrentForm }, cancellation);
            foreach (var id in ids)
                written += await RewriteAsync(id, cancellation) ? 1 : 0;
            if (ids.Count < Batch)
                break;
            after = ids[^1];
        }
        if (written > 0)
            logger.LogInformation("{Count} conversations of an earlier version are listed anew", written);
        return written;
    }

    private async Task<bool> RewriteAsync(Guid id, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        try
        {
            if (await session.Events.FetchForWriting<Conversation>(id, cancellation) is not { } stream)
                return false;
            session.Events.ProjectAgain(stream);
            await session.SaveChangesAsync(cancellation);
            return true;
        }
        catch (ConcurrencyException)
        {
            return false; // Whoever was faster wrote the row.
        }
        catch (CryptographicException)
        {
            // It is named wherever it is read, and by `verify`.
            logger.LogError("Conversation {Id} cannot be read, and is listed as it was", id);
            return false;
        }
    }
}

/// <summary>Up to which form all rows were written anew.</summary>
public sealed record RowsRewritten(long Form) : IDocument
{
    public const string TheOne = "rows";

    public string Id => TheOne;
}
