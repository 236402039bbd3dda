using System.Collections.Frozen;
using System.Globalization;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Sms;

public enum SmsEncoding
{
    Gsm7,
    Ucs2,
}

/// <summary>What a carrier bills for a text.</summary>
/// <param name="Encoding">The alphabet that the whole text needs.</param>
/// <param name="Units">Septets of GSM 03.38, or UTF-16 code units.</param>
/// <param name="Fragments">The messages that it is sent and billed as; 0 for an empty text.</param>
/// <param name="MaxUnits">The most units that we send.</param>
/// <param name="UnicodeCharacters">The distinct characters, in order, that GSM 03.38 lacks and that make the text costlier.</param>
public sealed record SmsSize(SmsEncoding Encoding, int Units, int Fragments, int MaxUnits, IReadOnlyList<string> UnicodeCharacters)
{
    public bool TooLong => Units > MaxUnits;
}

/// <summary>Counts an SMS as carriers do (3GPP TS 23.038 and 23.040).</summary>
public static class SmsText
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extension = "\f^{}\\[~]|€"; // sent as two septets: escape, then a letter

    private static readonly FrozenDictionary<char, int> Septets =
        Basic.Select(c => (c, 1)).Concat(Extension.Select(c => (c, 2))).ToFrozenDictionary(x => x.c, x => x.Item2);

    /// <summary>Line ends as a phone has them, LF, and accents on their letters: the alphabet has é, but no accent. The
    /// clinician's words are otherwise never changed.</summary>
    public static string Normalise(string text) =>
        ComposedText.Of(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));

    /// <summary>Whether the ordinary alphabet has it.</summary>
    public static bool IsOrdinary(char c) => Septets.ContainsKey(c);

    /// <summary>The size of the whole SMS: greeting, text, sign-off and link together.</summary>
    public static SmsSize Measure(string text)
    {
        text = Normalise(text);
        var unicode = UnicodeCharacters(text);
        return unicode.Length == 0
            ? Size(SmsEncoding.Gsm7, [.. text.Select(c => Septets[c])], single: 160, part: 153, max: 612, unicode)
            : Size(SmsEncoding.Ucs2, [.. text.EnumerateRunes().Select(r => r.Utf16SequenceLength)], single: 70, part: 67, max: 268, unicode);
    }

    private static SmsSize Size(
        SmsEncoding encoding, IReadOnlyList<int> characters, int single, int part, int max, IReadOnlyList<string> unicode)
    {
        var units = characters.Sum();
        var fragments = units == 0 ? 0 : units <= single ? 1 : Pack(characters, part);
        return new SmsSize(encoding, units, fragments, max, unicode);
    }

    /// <summary>An escape or surrogate pair never straddles two fragments, so a fragment may stay one unit short.</summary>
    private static int Pack(IEnumerable<int> characters, int part)
    {
        var (fragments, used) = (1, 0);
        foreach (var units in characters)
            (fragments, used) = used + units > part ? (fragments + 1, units) : (fragments, used + units);
        return fragments;
    }

    private static string[] UnicodeCharacters(string text)
    {
        var found = new List<string>();
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
            if (!elements.GetTextElement().All(Septets.ContainsKey))
                found.Add(elements.GetTextElement());
        return [.. found.Distinct()];
    }
}
