namespace PatientResponse.Infrastructure.Storage;

/// <summary>Lists that one damaged row does not take away: what can be read is read. It costs nothing while all is well.</summary>
public static class Readable
{
    /// <summary>As <see cref="IDocumentSession.RowsAsync"/>, in the same order.</summary>
    /// <param name="table">The rows' own, with the alias <c>r</c> in <paramref name="where"/>.</param>
    /// <param name="unreadable">Stands in the place of what does not open.</param>
    /// <param name="fromEvents">The row as its events have it, where a version that did not seal rows wrote it; null where they do not say so.</param>
    public static async Task<IReadOnlyList<T>> ReadableRowsAsync<TRow, T>(
        this IDocumentSession session, IDatabase database, string table, string where, object parameters, Func<T, Guid> idOf, Func<Guid, T> unreadable,
        Func<Guid, Task<T?>> fromEvents, CancellationToken cancellation)
        where TRow : class, ISealedRow where T : class
    {
        try
        {
            return await session.RowsAsync<TRow, T>(where, parameters, cancellation);
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            var ids = await database.QueryAsync<Guid>($"select r.id from {table} r {where}", parameters, cancellation);
            var found = (await HalvesAsync([.. ids])).ToDictionary(idOf);
            return [.. ids.Select(id => found.GetValueOrDefault(id) ?? unreadable(id))];
        }

        // A few questions for each damaged row, not one for each row.
        async Task<IReadOnlyList<T>> HalvesAsync(Guid[] ids)
        {
            try
            {
                return ids.Length == 0 ? [] : await session.RowsAsync<TRow, T>("where r.id = any(@ids)", new { ids }, cancellation);
            }
            catch (UnsealedRowException) when (ids.Length == 1)
            {
                return await fromEvents(ids[0]) is { } row ? [row] : [];
            }
            catch (Exception e) when (DamagedException.Is(e))
            {
                return ids.Length == 1 ? [] : [.. await HalvesAsync(ids[..(ids.Length / 2)]), .. await HalvesAsync(ids[(ids.Length / 2)..])];
            }
        }
    }

    /// <summary>As <see cref="IDocumentSession.ListAsync{T}(CancellationToken)"/>, with the names of those that do not open.</summary>
    public static async Task<(IReadOnlyList<T> Found, IReadOnlyList<string> Unreadable)> ListReadableAsync<T>(
        this IDocumentSession session, IDatabase database, CancellationToken cancellation = default) where T : class, IDocument
    {
        try
        {
            return (await session.ListAsync<T>(cancellation), []);
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            var (found, unreadable) = (new List<T>(), new List<string>());
            foreach (var name in await database.QueryAsync<string>("select name from mt_doc_sealed where type = @type order by name", new { type = typeof(T).Name }, cancellation))
            {
                if (await session.LoadReadableAsync<T>(name, cancellation) is { } document)
                    found.Add(document);
                else
                    unreadable.Add(name);
            }
            return (found, unreadable);
        }
    }

    /// <summary>What was asked together with other things, or, where some of it does not open, what another way finds.</summary>
    public static async Task<T> OrElseAsync<T>(this Answer<T> answer, Func<Task<T>> whenDamaged)
    {
        try
        {
            return answer.Value;
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return await whenDamaged();
        }
    }

    /// <summary>As <see cref="IDocumentSession.LoadAsync"/>; null also where it does not open. For what a page can do without.</summary>
    public static async Task<T?> LoadReadableAsync<T>(this IDocumentSession session, string id, CancellationToken cancellation = default) where T : class, IDocument
    {
        try
        {
            return await session.LoadAsync<T>(id, cancellation);
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return null;
        }
    }
}
