using System.Security.Cryptography;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>An entry of the audit record. Its seal says that we wrote it, and once only: whoever writes to the table has no key.</summary>
/// <param name="At">Milliseconds since 1970 UTC.</param>
public sealed record AuditEntry(long At, string Actor, string Action, string Subject, string Detail)
{
    private const int NonceBytes = 8;
    private const int MacBytes = 16;

    public Statement Insert(Keyring keyring)
    {
        var seal = Seal(KeyOf(keyring), RandomNumberGenerator.GetBytes(NonceBytes));
        return new Statement("insert into audit(at, actor, action, subject, detail, seal) values(@at, @actor, @action, @subject, @detail, @seal)",
            new Dictionary<string, object?> { ["at"] = At, ["actor"] = Actor, ["action"] = Action, ["subject"] = Subject, ["detail"] = Detail, ["seal"] = seal })
        { Head = () => Head.OfAudit(this, seal) };
    }

    /// <summary>What no other entry is sealed with.</summary>
    public static string NumberOf(byte[]? seal) => Convert.ToHexStringLower(seal.AsSpan(0, Math.Min(seal?.Length ?? 0, NonceBytes)));

    public static byte[] KeyOf(Keyring keyring) => keyring.Derive("record/audit");

    /// <summary>Whether it is what was written.</summary>
    public bool IsSealedBy(byte[] key, byte[]? seal) =>
        seal is { Length: NonceBytes + MacBytes } && CryptographicOperations.FixedTimeEquals(seal, Seal(key, seal[..NonceBytes]));

    /// <summary>All that it says, for a hash over many.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    private byte[] Seal(byte[] key, byte[] nonce) => [.. nonce, .. HMACSHA256.HashData(key, (byte[])[.. nonce, .. ToBytes()])[..MacBytes]];
}
