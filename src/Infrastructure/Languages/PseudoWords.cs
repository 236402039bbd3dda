using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Languages;

/// <summary>English as a language that is half as long again, with letters that few fonts have been tried with.</summary>
public static partial class PseudoWords
{
    private const string Plain = "aceinorsuyACEINORSUY";
    private const string Accented = "âçéîñöřšûýÂÇÉÎÑÖŘŠÛÝ";

    /// <summary>Tags, addresses and the places of values stay as they are.</summary>
    public static string Of(string words) => Word().Replace(words, match => match.Groups["kept"].Success ? match.Value : Long(match.Value));

    private static string Long(string word)
    {
        var accented = string.Concat(word.Select(letter => Plain.IndexOf(letter) is >= 0 and var index ? Accented[index] : letter));
        return accented + new string('~', word.Length / 2);
    }

    [GeneratedRegex(@"(?<kept><[^>]*>|\{\d\}|/r/)|[A-Za-z]+")]
    private static partial Regex Word();
}
