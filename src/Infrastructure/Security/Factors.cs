using System.Buffers.Text;
using System.Text.Json.Serialization;

namespace PatientResponse.Infrastructure.Security;

/// <summary>What a person proves besides the password.</summary>
public sealed class Factors
{
    /// <summary>The key of the app that makes codes, in base32; null when there is none.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>The time step of the latest code that was accepted: no code is good twice.</summary>
    public long LastStep { get; set; }

    /// <summary>Hashes of the codes that are left; see <see cref="RecoveryCode"/>.</summary>
    public List<string> RecoveryCodes { get; set; } = [];

    public List<Passkey> Passkeys { get; set; } = [];

    [JsonIgnore]
    public bool Any => AuthenticatorKey is not null || Passkeys.Count > 0;
}

/// <summary>A passkey's public half (WebAuthn); the private one never leaves its device.</summary>
/// <param name="Name">The person's own, to tell their passkeys apart.</param>
/// <param name="SignCount">How often its device says it was used; a step back tells of a copy.</param>
public sealed record Passkey(
    byte[] Id, byte[] PublicKey, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, uint SignCount,
    string[] Transports, bool IsBackupEligible, bool IsBackedUp)
{
    /// <summary>For forms.</summary>
    [JsonIgnore]
    public string IdText => Base64Url.EncodeToString(Id);
}
