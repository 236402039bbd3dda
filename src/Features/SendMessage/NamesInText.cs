using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.SendMessage;

/// <summary>Finds what could be people's full names: two to five words in a row that begin and end with a capital letter.</summary>
public static partial class NamesInText
{
    private const int MostWords = 5;

    /// <param name="familiar">Names that belong here: the patient's, the clinician's, the practice's.</param>
    /// <returns>Each once, as written; "Smith, Jane" turned round.</returns>
    public static IReadOnlyList<string> Find(string text, IEnumerable<string> familiar)
    {
        var known = familiar.Select(Padded).ToList();
        return [.. Rows().Matches(text).SelectMany(row => InRow(row.Value)).Concat(Turned(text)).Distinct()
            .Where(name => !known.Exists(one => one.Contains(Padded(name), StringComparison.Ordinal)))];
    }

    private static IEnumerable<string> InRow(string row)
    {
        var words = row.Split([' ', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        for (var from = 0; from < words.Length; from++)
            for (var to = from + 2; to <= words.Length && to <= from + MostWords; to++)
                if (IsCapital(words[from]) && IsCapital(words[to - 1]))
                    foreach (var name in WithoutPossessive(string.Join(' ', words[from..to])))
                        yield return name;
    }

    /// <summary>"SMITH, Jane", as records have it.</summary>
    private static IEnumerable<string> Turned(string text) =>
        CommaPairs().Matches(text).Select(pair => $"{pair.Groups[2].Value} {pair.Groups[1].Value}");

    /// <summary>"Jane Smith's" may be Jane Smith.</summary>
    private static IEnumerable<string> WithoutPossessive(string name) =>
        name.EndsWith("'s", StringComparison.Ordinal) || name.EndsWith("’s", StringComparison.Ordinal) ? [name[..^2], name] : [name];

    /// <summary>Scripts without capitals count as capital.</summary>
    private static bool IsCapital(string word) => !char.IsLower(word[0]);

    private static string Padded(string name) => $" {PatientName.Normalise(name)} ";

    [GeneratedRegex(@"\p{L}[\p{L}\p{M}'’-]*(?:[ \t\u00A0]+\p{L}[\p{L}\p{M}'’-]*)+")]
    private static partial Regex Rows();

    [GeneratedRegex(@"(?<!\p{L})(\p{Lu}[\p{L}\p{M}'’-]*), ?(\p{Lu}[\p{L}\p{M}'’-]*)")]
    private static partial Regex CommaPairs();
}
