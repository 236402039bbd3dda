using System.Security.Cryptography;

namespace PatientResponse.Infrastructure.Storage.Sealing;

/// <summary>The random key that all others are made from. The database keeps it wrapped under the master key, so that a new
/// master key is one update, and hashes to look things up by stay what they are.</summary>
public static class RootKey
{
    private const string Context = "root-key";

    /// <summary>Opens the root key of a database, and makes it where there is none. Many processes may call it at once.</summary>
    /// <exception cref="WrongMasterKeyException">None of the master keys is this database's.</exception>
    public static async Task<byte[]> OpenAsync(IDatabase database, MasterKeys masters, CancellationToken cancellation = default)
    {
        // Read before the root key is looked for: no document is older than its root key.
        var isInUse = (await database.QueryAsync<long>("select 1::bigint from mt_doc_sealed limit 1", null, cancellation)).Count == 1;
        if (await StoredAsync(database, cancellation) is not { } wrapped)
        {
            if (isInUse)
                throw new WrongMasterKeyException();
            await database.SaveAsync([new("insert into root_key(id, wrapped) values(1, @wrapped) on conflict(id) do nothing",
                new Dictionary<string, object?> { ["wrapped"] = Wrap(masters.Current, Keyring.NewDataKey()) })], cancellation);
            wrapped = (await StoredAsync(database, cancellation))!;
        }
        return masters.All.Select(master => Unwrap(master, wrapped)).FirstOrDefault(root => root is not null) ?? throw new WrongMasterKeyException();
    }

    /// <summary>Wraps the root key under the current master key; one transaction, so it cannot stop half-way.</summary>
    /// <returns>False when it already was.</returns>
    /// <exception cref="ConcurrencyException">Somebody else wrapped it at the same time.</exception>
    public static async Task<bool> RewrapAsync(IDatabase database, MasterKeys masters, CancellationToken cancellation)
    {
        var root = await OpenAsync(database, masters, cancellation);
        var before = (await StoredAsync(database, cancellation))!;
        if (Unwrap(masters.Current, before) is not null)
            return false;
        await database.SaveAsync([new("update root_key set wrapped = @wrapped where id = 1 and wrapped = @before",
            new Dictionary<string, object?> { ["wrapped"] = Wrap(masters.Current, root), ["before"] = before }, MustAffect: 1)], cancellation);
        return true;
    }

    private static async Task<byte[]?> StoredAsync(IDatabase database, CancellationToken cancellation) =>
        (await database.QueryAsync<byte[]>("select wrapped from root_key where id = 1", null, cancellation)).SingleOrDefault();

    private static byte[] Wrap(byte[] master, byte[] root) => Keyring.Seal(new Keyring(master).Derive(Context), root, Context);

    private static byte[]? Unwrap(byte[] master, byte[] wrapped)
    {
        try
        {
            return Keyring.Open(new Keyring(master).Derive(Context), wrapped, Context);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>The master keys that were given do not open this database.</summary>
public sealed class WrongMasterKeyException() : Exception(
    "Encryption:MasterKey does not open this database, and none of Encryption:OldMasterKeys does. Give the key that it was made with.");
