using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Finds a link's code in what people type and paste, and in addresses to which phones and mail programs have glued
/// what stood behind the link. What counts is the code: after its last character anything may follow but another one.</summary>
public static partial class CodeInText
{
    /// <summary>What parts a link's address. A code does not go on behind it.</summary>
    private const string Borders = "/?#&:@";

    /// <summary>In characters: several text messages, and what a mail program writes around them.</summary>
    private const int LongestText = 10_000;

    /// <summary>A proxy or a mail program may have encoded what was encoded already.</summary>
    private const int MostEncodings = 3;

    /// <summary>The code in its canonical spelling; null where there is none.</summary>
    public static string? Find(string text)
    {
        var plain = Plain(text);
        return AfterMarker(plain) ?? Shaped(plain, Whole()) ?? Shaped(plain, Grouped()) ?? (Marker().IsMatch(plain) ? null : ReadAt(plain, 0));
    }

    /// <summary>What was meant to be the code, where it is none: what stands behind a link's address, or everything. Without spaces and dashes.</summary>
    public static string Attempt(string text)
    {
        var plain = Plain(text);
        var marker = Marker().Match(plain);
        return TypedText.WithoutFiller(marker.Success ? AfterAddress().Match(plain, marker.Index + marker.Length).Value : plain);
    }

    /// <summary>As a keyboard of ours would have written it: nothing encoded, no wide letters, nothing invisible.</summary>
    private static string Plain(string text)
    {
        text = text[..Math.Min(text.Length, LongestText)];
        for (var times = 0; times < MostEncodings; times++)
            text = Uri.UnescapeDataString(text);
        text = SoftBreak().Replace(text, "");
        return TypedText.WithAsciiDigits(string.Concat(text.Where(c => !IsInvisible(c)).Select(Narrow)));
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark;

    /// <summary>Of the wide forms that East Asian keyboards write (U+FF01 to U+FF5E), and of the slash that Windows turns.</summary>
    private static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c == '\\' ? '/' : c;

    private static string? AfterMarker(string plain) =>
        Marker().Matches(plain).Select(marker => ReadAt(plain, marker.Index + marker.Length)).FirstOrDefault(code => code is not null);

    private static string? Shaped(string plain, Regex shape) =>
        shape.Matches(plain).Select(found => Canonical(found.Value)).FirstOrDefault(code => code is not null);

    /// <summary>26 letters and digits from here on, with any signs between them and none of them right behind.</summary>
    private static string? ReadAt(string plain, int start)
    {
        var read = new StringBuilder();
        var at = start;
        for (; at < plain.Length && read.Length < LinkToken.Length; at++)
            if (char.IsAsciiLetterOrDigit(plain[at]))
                read.Append(plain[at]);
            else if (char.IsLetterOrDigit(plain[at]) || Borders.Contains(plain[at]))
                return null;
        var typed = read.ToString();
        return GoesOn(typed, plain[at..]) ? null : Canonical(typed);
    }

    /// <summary>A message that lost its line ends goes on with a capital letter: "…rsOr type it on a computer".</summary>
    private static bool GoesOn(string typed, string rest) =>
        rest is [var next, ..] && char.IsAsciiLetterOrDigit(next)
        && !(NewSentence().IsMatch(rest) && typed.Any(char.IsAsciiLetterLower) && !typed.Any(char.IsAsciiLetterUpper));

    private static string? Canonical(string typed)
    {
        var code = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant().Replace('o', '0').Replace('i', '1').Replace('l', '1');
        return code.Length == LinkToken.Length && code.All(LinkToken.Alphabet.Contains) ? code : null;
    }

    [GeneratedRegex(@"/\s*r\s*/+", RegexOptions.IgnoreCase)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\G[^\s/?#&:@]*")]
    private static partial Regex AfterAddress();

    [GeneratedRegex("^[A-Z][a-z]")]
    private static partial Regex NewSentence();

    /// <summary>The line end that mail programs put into long lines (RFC 2045, section 6.7).</summary>
    [GeneratedRegex(@"=\r?\n")]
    private static partial Regex SoftBreak();

    [GeneratedRegex(@"(?<![A-Za-z0-9/])[A-Za-z0-9]{26}(?![A-Za-z0-9])")]
    private static partial Regex Whole();

    /// <summary>As the date-of-birth page shows it: six groups of four, and one of two.</summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9/])(?:[A-Za-z0-9]{4}[^A-Za-z0-9/]{1,3}){6}[A-Za-z0-9]{2}(?![A-Za-z0-9])")]
    private static partial Regex Grouped();
}
