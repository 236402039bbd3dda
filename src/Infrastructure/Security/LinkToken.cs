using System.Security.Cryptography;
using System.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>
/// The secret in a patient's link: 26 characters of Crockford's base32, 130 random bits.
/// Kept only as <see cref="Hash"/>, or encrypted; never logged.
/// </summary>
public readonly record struct LinkToken
{
    /// <summary>In characters, 5 bits each.</summary>
    public const int Length = 26;

    internal const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private readonly string? value;

    private LinkToken(string value) => this.value = value;

    /// <summary>The secret itself, in its one canonical spelling; empty for <c>default</c>.</summary>
    public string Value => value ?? "";

    /// <summary>SHA-256 of the canonical text in lower-case hex: what a link is looked up by.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Value)));

    /// <summary>For reading out and typing by hand: "abcd-efgh-…".</summary>
    public string Grouped => string.Join('-', Value.Chunk(4).Select(group => new string(group)));

    /// <summary>The type's name only: a token that strays into a log must not open anything.</summary>
    public override string ToString() => nameof(LinkToken);

    public static LinkToken New() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>
    /// Reads a code as people type it (case, dashes and spaces do not matter; O is 0, I and L are 1), or the first one in what they paste:
    /// a link or a whole message, with whatever is written around it.
    /// </summary>
    public static bool TryParse(string? text, out LinkToken token)
    {
        var code = CodeInText.Find(text ?? "");
        token = code is null ? default : new(code);
        return code is not null;
    }
}
