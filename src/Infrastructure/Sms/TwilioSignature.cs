using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Twilio's signature of a request (https://www.twilio.com/docs/usage/security): HMAC-SHA1 over the address that it calls and
/// all the fields that it sends, whatever they are.</summary>
public static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    /// <param name="url">With the query, as Twilio was given it. Twilio signs it with its port or without.</param>
    public static bool Verifies(string? signature, string token, string url, IEnumerable<KeyValuePair<string, StringValues>> fields)
    {
        var given = new byte[HMACSHA1.HashSizeInBytes];
        if (token == "" || !Convert.TryFromBase64String(signature ?? "", given, out var length) || length != given.Length)
            return false; // Anybody can sign with an empty token.
        var signed = Concatenated(fields);
        return new[] { url, WithPort(new(url)), WithoutPort(new(url)) }.Any(address =>
            CryptographicOperations.FixedTimeEquals(given, Sign(token, address + signed)));
    }

    // SHA-1 is Twilio's choice; as a keyed hash it is sound.
#pragma warning disable CA5350
    private static byte[] Sign(string token, string text) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    private static string Concatenated(IEnumerable<KeyValuePair<string, StringValues>> fields) => string.Concat(
        from field in fields.OrderBy(field => field.Key, StringComparer.Ordinal)
        from value in field.Value.Distinct().Order(StringComparer.Ordinal)
        select field.Key + value);

    private static string WithPort(Uri url) => $"{url.Scheme}://{url.Host}:{url.Port}{url.PathAndQuery}";

    private static string WithoutPort(Uri url) => $"{url.Scheme}://{url.Host}{url.PathAndQuery}";
}
