using System.Collections.Frozen;
using System.Text;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Writes a text with characters of the ordinary alphabet (GSM 03.38) where it means the same. Nothing that a dose could
/// hang on is touched: "5·4", "½" and "×" stay.</summary>
public static class OrdinaryCharacters
{
    private const string Joiners = "\u200C\u200D\uFE0E\uFE0F";
    private const string Bullets = "•‣◦▪▫●○■\uF0B7\uF0A7";

    private static readonly FrozenDictionary<char, string> Unseen = Table(
        (" ", "\t\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000"),
        ("", "\u00AD\u034F\u180E\u200B\u2060\uFEFF"),
        ("-", "\u2010\u2011"));

    private static readonly FrozenDictionary<char, string> Typographic = Table(
        ("'", "‘’‚‛‹›′ʼʹ`´"), ("\"", "“”„‟«»″"), ("-", "‒–—―−⁃"), ("...", "…"), ("/", "⁄"),
        ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"), ("ffi", "ﬃ"), ("ffl", "ﬄ"));

    /// <param name="typographic">Replaces what can be seen as well: quotation marks, dashes, bullets.</param>
    public static string In(string text, bool typographic)
    {
        var keepsDirection = text.EnumerateRunes().Any(IsRightToLeft);
        var ordinary = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            ordinary.Append(
                Unseen.TryGetValue(text[i], out var plain) ? plain
                : Joiners.Contains(text[i]) && !Joins(text, i) ? ""
                : TurnsText(text[i]) && !keepsDirection ? ""
                : typographic && Typographic.TryGetValue(text[i], out var typed) ? typed
                : typographic && Bullets.Contains(text[i]) && StartsLine(text, i) ? "-"
                : text[i].ToString());
        return ordinary.ToString();
    }

    /// <summary>Between signs of an emoji, and in Persian and Indic words, a joiner means something.</summary>
    private static bool Joins(string text, int at) =>
        (at > 0 && !IsPlain(text[at - 1])) || (at + 1 < text.Length && !IsPlain(text[at + 1]));

    private static bool IsPlain(char c) =>
        SmsText.IsOrdinary(c) || Unseen.ContainsKey(c) || Typographic.ContainsKey(c) || Joiners.Contains(c);

    private static bool StartsLine(string text, int at) => text.AsSpan(0, at).TrimEnd(" \t\u00A0") is [] or [.., '\n'];

    private static bool TurnsText(char c) => c is '\u200E' or '\u200F' or '\u061C' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static bool IsRightToLeft(Rune c) => c.Value is >= 0x590 and <= 0x8FF and not 0x61C or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and < 0xFEFF)
        or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    private static FrozenDictionary<char, string> Table(params (string Plain, string Others)[] rows) =>
        rows.SelectMany(row => row.Others, (row, other) => (other, row.Plain)).ToFrozenDictionary(x => x.other, x => x.Plain);
}
