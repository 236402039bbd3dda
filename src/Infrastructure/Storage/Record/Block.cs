using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A place in the chain, as a checkpoint outside the database names it.</summary>
/// <param name="Era">Counts how often the state of the database was taken as it was: at first, and by an operator's word after a restore.</param>
/// <param name="Hash">Of the link, which stands for everything before it.</param>
public sealed record ChainLink(long Era, long N, string Hash)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Era}-{N}-{Hash}");

    /// <summary>Null where it is none.</summary>
    public static ChainLink? Parse(string text) => text.Trim().Split('-') is [var era, var n, { Length: 64 } hash]
        && long.TryParse(era, NumberStyles.None, CultureInfo.InvariantCulture, out var eraNumber) && long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? new(eraNumber, number, hash) : null;
}

/// <summary>One link of the chain over the audit record and the heads.</summary>
/// <param name="At">Milliseconds since 1970 UTC.</param>
/// <param name="Before">The hash of the link before; empty in the first.</param>
/// <param name="Audit">The entries that it takes in.</param>
/// <param name="Heads">The ids of the rows that it takes in.</param>
/// <param name="Seals">Of all of them, see <see cref="SealSum"/>: none can be put in the place of another.</param>
/// <param name="Taken">What was taken as it was; null in a link that goes on.</param>
public sealed record Block(long N, long Era, long At, string Before, LinkedEntry[] Audit, long[] Heads, string Seals, TakenAsItWas? Taken = null)
{
    public ChainLink LinkOf(byte[] stored) => new(Era, N, HashOf(stored));

    public static string HashOf(byte[] stored) => Convert.ToHexStringLower(SHA256.HashData(stored));

    public static byte[] KeyOf(Keyring keyring) => keyring.Derive("record/blocks");

    public byte[] Seal(byte[] key) => Keyring.Seal(key, JsonSerializer.SerializeToUtf8Bytes(this), $"record/block/{N}");

    /// <summary>Null where nobody who has the keys wrote it, or not for this place.</summary>
    internal static Block? Open(byte[] key, BlockRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<Block>(Keyring.Open(key, row.Data, $"record/block/{row.N}"));
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return null;
        }
    }
}

/// <param name="Number">That it was sealed with.</param>
public sealed record LinkedEntry(long Id, string Number);

/// <summary>The audit entries that were there when an era began, whoever wrote them.</summary>
/// <param name="UpTo">The last one's id.</param>
/// <param name="Hash">Of all of them, in their order.</param>
/// <param name="Heads">The last row of the heads that was there: those of before count no more.</param>
public sealed record TakenAsItWas(long UpTo, string Hash, long Heads);

/// <summary>Stands for which rows there are and which seal each has, in whatever order they are read. The seals are keyed and random:
/// nobody without the keys makes others of the same sum.</summary>
public sealed class SealSum
{
    private readonly byte[] _sum = new byte[SHA256.HashSizeInBytes];

    public string Text => Convert.ToHexStringLower(_sum);

    public void Add(string table, long id, byte[] seal)
    {
        var hash = SHA256.HashData([.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{table}/{id}/")), .. seal]);
        for (var at = 0; at < hash.Length; at++)
            _sum[at] ^= hash[at];
    }
}
