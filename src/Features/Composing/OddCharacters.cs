using System.Globalization;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Features.Composing;

/// <param name="Shown">The character, or its name where nothing can be seen: "a non-breaking space".</param>
/// <param name="Place">Where to look for it, such as "after 'Ring'"; empty where it can be seen.</param>
public sealed record OddCharacter(string Shown, string Place);

/// <summary>Finds the characters that the ordinary alphabet of text messages lacks, so that a person can find them too.</summary>
public static class OddCharacters
{
    /// <summary>In characters: enough of a word to find it by.</summary>
    private const int MostOfWord = 20;

    /// <summary>Each once, in order.</summary>
    /// <param name="around">The same message with one character in place of the clinician's words.</param>
    public static IReadOnlyList<OddCharacter> In(string message, string around)
    {
        message = SmsText.Normalise(message);
        var (from, to) = WordsIn(message, around);
        var found = new List<(string Shown, int At, bool IsUnseen)>();
        for (var elements = StringInfo.GetTextElementEnumerator(message); elements.MoveNext();)
        {
            var (element, at) = (elements.GetTextElement(), elements.ElementIndex);
            if (IsUnseen(element))
                found.AddRange(Unseen(element).Select(one => (one.Name, at + one.Offset, true)));
            else if (!element.All(SmsText.IsOrdinary))
                found.Add((element, at, false));
        }
        return [.. found.GroupBy(one => one.Shown, (shown, same) => Once(shown, [.. same]))];

        OddCharacter Once(string shown, IReadOnlyList<(string, int At, bool IsUnseen)> same)
        {
            var (_, at, isUnseen) = same[0];
            var place = at < from ? "in the patient’s name" : at >= to ? "in the sign-off" : isUnseen ? Place(message[from..to], at - from) : "";
            return new(shown, isUnseen && same.Count > 1 ? $"{place} and in {Others(same.Count - 1)}" : place);
        }
    }

    private static string Others(int count) => count == 1 ? "1 other place" : $"{count} other places";

    /// <summary>Nothing of it can be seen, or nothing but an ordinary letter that it clings to.</summary>
    private static bool IsUnseen(string element) => Unseen(element).Any()
        && element.EnumerateRunes().All(rune => UnseenCharacter.Name(rune) is not null || (rune.IsBmp && SmsText.IsOrdinary((char)rune.Value)));

    private static IEnumerable<(string Name, int Offset)> Unseen(string element)
    {
        var offset = 0;
        foreach (var rune in element.EnumerateRunes())
        {
            if (UnseenCharacter.Name(rune) is { } name)
                yield return (name, offset);
            offset += rune.Utf16SequenceLength;
        }
    }

    /// <summary>Greeting and sign-off are the same around any words.</summary>
    private static (int From, int To) WordsIn(string message, string around)
    {
        var from = message.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        return (from, Math.Max(from, message.Length - (SmsText.Normalise(around).Length - from - 1)));
    }

    private static string Place(string words, int at)
    {
        var (before, after) = (Words(words[..at]), Words(words[(at + 1)..].Split('\n')[0]));
        var onThisLine = Words(words[..at].Split('\n')[^1]);
        return before.Length == 0 ? "at the start"
            : onThisLine.Length > 0 ? $"after '{Short(onThisLine[^1])}'"
            : after.Length > 0 ? $"before '{Short(after[0])}'"
            : "on an empty line";
    }

    private static string[] Words(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => UnseenCharacter.Name(rune) is null ? rune.ToString() : " "))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Short(string word) => word.Length <= MostOfWord ? word : word[..MostOfWord] + "…";
}
