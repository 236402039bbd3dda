using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Patients.Names;

/// <summary>Parts a pasted name into what must match and what may: a title, and what stands in brackets, such as a maiden name.</summary>
public static partial class NameAside
{
    private static readonly HashSet<string> Titles =
    [
        "mr", "mrs", "ms", "miss", "mx", "mstr", "master", "dr", "doctor", "prof", "professor", "sir", "dame", "lady", "lord", "rev", "revd", "reverend",
        "fr", "father", "sr", "sister", "hon", "esq", "capt", "captain", "major", "col", "colonel", "sgt", "cllr", "jr", "jnr", "snr",
    ];

    private static readonly HashSet<string> Joining = ["nee", "formerly", "previously", "aka", "known", "as", "also", "prefers"];

    /// <summary>Both normalised. Somebody may be named Master or Major: where there is no other word, the name is that.</summary>
    public static (string Name, string Aside) Part(string text)
    {
        var aside = string.Join(' ', Bracketed().Matches(text).Select(match => match.Value).Append(Earlier().Match(text).Value));
        var words = PatientName.Normalise(Earlier().Replace(Bracketed().Replace(text, " "), "")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var beside = PatientName.Normalise(Bracket().Replace(aside, " ")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Joining.Contains(word));
        var name = words.Where(word => !Titles.Contains(word)).ToList();
        return name.Sum(word => word.Length) == 0
            ? (PatientName.Normalise(Bracket().Replace(text, " ")), "")
            : (string.Join(' ', name), string.Join(' ', words.Where(Titles.Contains).Concat(beside)));
    }

    [GeneratedRegex("""\([^()]*\)?|\[[^\[\]]*\]?|"[^"]*"|“[^”]*”""")]
    private static partial Regex Bracketed();

    [GeneratedRegex("""[\[\]()"“”]""")]
    private static partial Regex Bracket();

    /// <summary>Without its accent, "Nee" is a family name too.</summary>
    [GeneratedRegex(@"(?<=\S\s)\s*(?:née|né|nee\u0301|formerly|previously|a\.?k\.?a\.?|(?:also )?known as)\s+\S.*$", RegexOptions.IgnoreCase)]
    private static partial Regex Earlier();
}
