using System.Security.Cryptography;
using System.Text.Json;

namespace PatientResponse.Infrastructure.Storage.Sealing;

/// <param name="Broken">What did not open, as <c>kind/id</c>.</param>
public sealed record SealReport(long StreamKeys, long Documents, long Patients, IReadOnlyList<string> Broken);

/// <summary>Opens everything that is sealed but events and files: the key of every stream, documents of streams (drafts) and of none (people,
/// practices, sessions, the keys of cookies), and the lists of patients.</summary>
public sealed class SealCheck(IDatabase database, Keyring keyring)
{
    private const int Page = 1_000;
    private readonly List<string> _broken = [];

    /// <param name="progress">Told after every thousand: what, and how many so far.</param>
    public async Task<SealReport> RunAsync(Action<string, long> progress, CancellationToken cancellation)
    {
        var (documents, patients) = (keyring.Derive("documents"), keyring.Derive("patients"));
        var keys = await EachAsync<KeyRow>("stream keys", row => new { after = row?.Id ?? Guid.Empty },
            $"select id, data ->> 'Wrapped' as wrapped from mt_doc_stream_key where id > @after order by id limit {Page}",
            row => Check($"key/{row.Id:N}", () => keyring.Unwrap(Convert.FromBase64String(row.Wrapped ?? ""), row.Id.ToString("N"))), progress, cancellation);
        var opened = await EachAsync<DocumentRow>("documents", row => new { after = row?.Id ?? "" },
            $"""
            select d.id, d.type, d.name, d.stream, d.lookup, d.expires, d.version, d.data::text as Json, k.data ->> 'Wrapped' as Wrapped
            from mt_doc_sealed d left join mt_doc_stream_key k on k.id = d.stream where d.id > @after order by d.id limit {Page}
            """,
            row => Check("document/" + row.Id, () => row.Open(row.Stream is { } stream ? KeyOf(stream, row.Wrapped) : documents)), progress, cancellation);
        var listed = await EachAsync<PatientRow>("patients", row => new { id = row?.Id ?? "", list = row?.FromList ?? 0 },
            $"select id, from_list as FromList, data from patients where (id, from_list) > (@id, @list) order by id, from_list limit {Page}",
            row => Check("patient/" + row.Id, () => Keyring.Open(patients, row.Data, "patient/" + row.Id)), progress, cancellation);
        return new(keys, opened, listed, _broken);
    }

    /// <summary>Null where it is damaged itself, which is told by its own name.</summary>
    private byte[]? KeyOf(Guid stream, string? wrapped)
    {
        try
        {
            return keyring.Unwrap(Convert.FromBase64String(wrapped ?? ""), stream.ToString("N"));
        }
        catch (Exception e) when (DamagedException.Is(e) || e is ArgumentException)
        {
            return null;
        }
    }

    private async Task<long> EachAsync<T>(
        string what, Func<T?, object> after, string sql, Action<T> check, Action<string, long> progress, CancellationToken cancellation) where T : class
    {
        var count = 0L;
        T? last = null;
        while (true)
        {
            var rows = await database.QueryAsync<T>(sql, after(last), cancellation);
            foreach (var row in rows)
                check(row);
            count += rows.Count;
            if (rows.Count > 0)
                progress(what, count);
            if (rows.Count < Page)
                return count;
            last = rows[^1];
        }
    }

    private void Check(string name, Action open)
    {
        try
        {
            open();
        }
        catch (Exception e) when (DamagedException.Is(e) || e is ArgumentException or NullReferenceException)
        {
            _broken.Add(name);
        }
    }

    private sealed record KeyRow(Guid Id, string? Wrapped);

    private sealed record DocumentRow(string Id, string Type, string Name, Guid? Stream, string? Lookup, long? Expires, long Version, string Json, string? Wrapped)
    {
        /// <param name="key">Null: only what stands in clear is compared.</param>
        public void Open(byte[]? key)
        {
            var document = JsonSerializer.Deserialize<SealedDocument>(Json)!;
            if ((document.Id, document.Type, document.Name, document.Stream, document.Lookup, document.Expires, document.Version) != (Id, Type, Name, Stream, Lookup, Expires, Version))
                throw new CryptographicException("A column says something else.");
            if (key is not null)
                document.Open(key);
        }
    }

    private sealed record PatientRow(string Id, long FromList, byte[] Data);
}
