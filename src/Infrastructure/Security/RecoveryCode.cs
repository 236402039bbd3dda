using System.Security.Cryptography;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>A code on paper for the day when app and passkeys are gone: 50 random bits, good once, stored as a keyed hash.</summary>
public static class RecoveryCode
{
    public const int HowMany = 10;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>As it is shown: <c>abcde-fghjk</c>.</summary>
    public static string New() => $"{RandomNumberGenerator.GetString(Alphabet, 5)}-{RandomNumberGenerator.GetString(Alphabet, 5)}";

    /// <summary>Case, dashes and spaces do not matter; O is 0, I and L are 1.</summary>
    public static string HashOf(Keyring keyring, string clinicianId, string typed) => keyring.Lookup(
        "recovery-code/" + clinicianId, TypedText.WithoutFiller(typed).ToLowerInvariant().Replace('o', '0').Replace('i', '1').Replace('l', '1'));
}
