using System.Data.Common;
using System.Reflection;
using Dapper;
using Marten.Schema;
using Npgsql;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Rows of the read model that a version wrote which did not seal them.</summary>
internal static class UnsealedRows
{
    private const int Page = 1_000;
    private static readonly MethodInfo OfTable = typeof(UnsealedRows).GetMethod(nameof(SealTableAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Seals them as they are.</summary>
    public static async Task SealAsync(NpgsqlConnection connection, Keyring keyring)
    {
        foreach (var row in typeof(Program).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ISealedRow))))
            await (Task)OfTable.MakeGenericMethod(row).Invoke(null, [connection, RowSeal.KeyOf(keyring)])!;
    }

    private static async Task SealTableAsync<TRow>(NpgsqlConnection connection, byte[] key) where TRow : class, ISealedRow
    {
        var table = TableOf(typeof(TRow));
        for (var after = Guid.Empty; ;)
        {
            var (ids, seals) = (new List<Guid>(), new List<string>());
            await using (var reader = await connection.ExecuteReaderAsync(
                $"select r.id, r.data ->> 'Data', {TRow.ClearColumns} from {table} r where r.id > @after and coalesce(r.data ->> 'Seal', '') = '' order by r.id limit {Page}", new { after }))
                while (await reader.ReadAsync())
                {
                    ids.Add(reader.GetGuid(0));
                    seals.Add(Convert.ToBase64String(RowSeal.Of(key, typeof(TRow).Name, ids[^1], TRow.ClearOf(reader, 2), DataOf(reader))));
                }
            await connection.ExecuteAsync(
                $"update {table} r set data = jsonb_set(r.data, '{{Seal}}', to_jsonb(s.seal)) from unnest(@ids, @seals) as s(id, seal) where r.id = s.id and jsonb_typeof(r.data) = 'object'",
                new { ids = ids.ToArray(), seals = seals.ToArray() }, commandTimeout: 0);
            if (ids.Count < Page)
                return;
            after = ids[^1];
        }
    }

    public static string TableOf(Type row) => "mt_doc_" + row.GetCustomAttribute<DocumentAliasAttribute>()!.Alias;

    private static byte[] DataOf(DbDataReader reader)
    {
        try
        {
            return Base64.Bytes(Base64.Text(reader, 1));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return []; // Damaged before; it does not open.
        }
    }
}
