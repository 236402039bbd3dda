using System.Globalization;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.EraseConversation;

/// <summary>What the operator sees of, and says to, what retention has marked.</summary>
public sealed class MarkedErasures(IDatabase database, IDocumentSession session, Clocks clocks, IServiceProvider services)
{
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation)
    {
        var marks = await session.ListAsync<ErasureMark>(cancellation);
        var rows = (await database.QueryAsync<Row>("select id, practice, sent_at as SentAt from mt_doc_conversation_row where id = any(@ids)",
            new { ids = marks.Select(mark => mark.Conversation).ToArray() }, cancellation)).ToDictionary(row => row.Id);
        return [.. from mark in marks
                   where rows.ContainsKey(mark.Conversation)
                   let row = rows[mark.Conversation]
                   orderby mark.Expires ?? DateTimeOffset.MaxValue, row.SentAt
                   select $"{mark.Conversation:N}\t{row.Practice}\t{Utc(Instant.From(row.SentAt))}\t{(mark.Expires is { } goes ? Utc(goes) : "kept")}"];
    }

    public async Task<Answer> KeepAsync(Guid id, CancellationToken cancellation) => await TryKeepAsync(id, cancellation)
        ? new([$"kept\t{id:N}"]) : new([], $"Conversation {id:N} is not marked, or it is erased already.");

    public async Task<Answer> KeepAllAsync(CancellationToken cancellation)
    {
        var kept = new List<string>();
        foreach (var mark in (await session.ListAsync<ErasureMark>(cancellation)).Where(mark => mark.KeptAt is null))
            if (await TryKeepAsync(mark.Conversation, cancellation))
                kept.Add($"kept\t{mark.Conversation:N}");
        return new(kept);
    }

    public async Task<Answer> ReleaseAsync(CancellationToken cancellation)
    {
        var clock = await clocks.CheckAsync(cancellation);
        return clock.IsSound
            ? new([$"erased\t{await ActivatorUtilities.CreateInstance<RetentionSweep>(services).RunAsync(clock.Now, isReleased: true, cancellation)}"])
            : new([], "Nothing was erased: the clocks are in doubt, as the log says.");
    }

    private Task<bool> TryKeepAsync(Guid id, CancellationToken cancellation) => session.DecideAsync(async () =>
    {
        session.Forget();
        if (await session.LoadAsync<ErasureMark>(ErasureMark.IdOf(id), cancellation) is not { KeptAt: null } mark)
            return false;
        session.Store(mark with { KeptAt = (await clocks.CheckAsync(cancellation)).Now });
        session.Audit("operator", "kept from erasure", id.ToString("N"));
        await session.SaveChangesAsync(cancellation);
        return true;
    });

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private sealed record Row(Guid Id, string Practice, long SentAt);
}
