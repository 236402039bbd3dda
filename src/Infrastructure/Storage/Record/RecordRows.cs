using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A row of <c>audit</c>.</summary>
internal sealed class AuditRow
{
    public const string Columns = "id, at, actor, action, subject, detail, seal, block";

    public long Id { get; init; }
    public long At { get; init; }
    public string Actor { get; init; } = "";
    public string Action { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Detail { get; init; } = "";
    public byte[]? Seal { get; init; }
    public long? Block { get; init; }

    public string Number => AuditEntry.NumberOf(Seal);

    public AuditEntry Entry => new(At, Actor, Action, Subject, Detail);

    public bool IsSound(byte[] key) => Entry.IsSealedBy(key, Seal);

    public void AddTo(SealSum sum) => sum.Add("audit", Id, Seal ?? []);
}

/// <summary>A row of <c>record_heads</c>.</summary>
internal sealed class HeadRow
{
    public long Id { get; init; }
    public byte[] Said { get; init; } = [];
    public long? Block { get; init; }

    public void AddTo(SealSum sum) => sum.Add("heads", Id, Said);

    /// <summary>Null where nobody who has the keys wrote it.</summary>
    public IReadOnlyList<Head>? Read(byte[] key)
    {
        try
        {
            return Head.Read(key, Said);
        }
        catch (Exception e) when (DamagedException.Is(e) || e is ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>A row of <c>record_blocks</c>.</summary>
internal sealed class BlockRow
{
    public long N { get; init; }
    public byte[] Data { get; init; } = [];
}

/// <summary>One hash over the audit entries that an era began with.</summary>
internal static class AuditHash
{
    /// <param name="upTo">The last one's id.</param>
    public static async Task<string> OfAsync(NpgsqlConnection connection, long upTo)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var row in connection.QueryUnbufferedAsync<AuditRow>($"select {AuditRow.Columns} from audit where id <= @upTo order by id", new { upTo }))
            hash.AppendData(row.Entry.ToBytes());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
