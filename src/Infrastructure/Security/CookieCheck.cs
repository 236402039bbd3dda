using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Notices a browser that keeps no cookies: the redirect that follows a new cookie bears a mark, and a request with the mark and
/// without the cookie comes from such a browser. The mark is no secret, opens nothing, and soon means nothing, so that a page that is
/// loaded again when its session is over says so. It counts for one browser: the address may be opened in another.</summary>
public sealed class CookieCheck(Keyring keyring, TimeProvider time)
{
    private const string Name = "cookie";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>The address with a mark, for a redirect that follows the cookie.</summary>
    /// <param name="about">What the cookie is for, such as a conversation's reference.</param>
    public string Mark(string address, string about, HttpContext context)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Name}={at}.{Seal(at, about, context)}";
    }

    /// <summary>Whether the request bears a mark that was made for this a moment ago. Ask where the cookie is missing.</summary>
    public bool IsMarked(HttpContext context, string about)
    {
        if (context.Request.Query[Name].ToString().Split('.') is not [var at, var seal]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        return Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - seconds) <= Lifetime.TotalSeconds
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.UTF8.GetBytes(Seal(at, about, context)));
    }

    private string Seal(string at, string about, HttpContext context) =>
        keyring.Lookup("cookie-check", $"{about}\n{at}\n{context.Request.Headers.UserAgent}")[..16];
}
