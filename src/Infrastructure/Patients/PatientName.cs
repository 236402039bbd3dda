using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using PatientResponse.Infrastructure.Patients.Names;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>Names as they are compared: O'Brien, OBrien and o brien are one, and so are Smith-Jones and smith jones.</summary>
public static class PatientName
{
    /// <summary>
    /// Letters without their accents. A table of our own, because the app runs with invariant globalisation,
    /// in which <see cref="string.Normalize()"/> changes nothing.
    /// </summary>
    private static readonly FrozenDictionary<char, string> Unaccented = new (string Plain, string Accented)[]
    {
        ("ae", "æǣǽ"),
        ("oe", "œ"),
        ("ss", "ß"),
        ("th", "þ"),
        ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
        ("b", "ḃḅḇ"),
        ("c", "çćĉċčḉ"),
        ("d", "ðďđḋḍḏḑḓ"),
        ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
        ("f", "ḟ"),
        ("g", "ĝğġģǧǵḡ"),
        ("h", "ĥħȟḣḥḧḩḫẖ"),
        ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"),
        ("j", "ĵǰ"),
        ("k", "ķƙǩḱḳḵ"),
        ("l", "ĺļľłḷḹḻḽ"),
        ("m", "ḿṁṃ"),
        ("n", "ñńņňŋǹṅṇṉṋ"),
        ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
        ("p", "ṕṗ"),
        ("r", "ŕŗřȑȓṙṛṝṟ"),
        ("s", "śŝşšșṡṣṥṧṩ"),
        ("t", "ţťŧțṫṭṯṱẗ"),
        ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
        ("v", "ṽṿ"),
        ("w", "ŵẁẃẅẇẉẘ"),
        ("x", "ẋẍ"),
        ("y", "ýÿŷƴȳẏẙỳỵỷỹ"),
        ("z", "źżžẑẓẕ"),
    }.SelectMany(x => x.Accented, (x, accented) => (accented, x.Plain)).ToFrozenDictionary(x => x.accented, x => x.Plain);

    /// <summary>Lower-case words without accents and apostrophes, one space between them; empty when there is no letter or digit.</summary>
    public static string Normalise(string name) => string.Join(' ', name.Split(',').SelectMany(part => JoinedAfterO(Words(part))));

    /// <summary>
    /// What a directory stores for searching: each word with a space before it, so that a search for a word's beginning
    /// is <c>LIKE '% word%'</c>. The parts around an apostrophe are words too: "d souza" finds D'Souza.
    /// </summary>
    public static string SearchKey(string givenName, string familyName)
    {
        var name = $"{givenName}, {familyName}";
        var words = Normalise(name).Split(' ').Concat(Words(string.Concat(name.Select(c => IsApostrophe(c) ? ' ' : c))));
        return string.Concat(words.Where(word => word != "").Distinct().Select(word => ' ' + word));
    }

    /// <summary>Whether the words of the query begin words of the search key, wherever a name is parted.</summary>
    public static bool Matches(string searchKey, PatientQuery.ByName query) => new NameMatch(query.Tokens).Matches(searchKey);

    private static string[] Words(string name)
    {
        var text = name.EnumerateRunes().Select(c => c.IsBmp ? Fold((char)c.Value) : Rune.IsLetterOrDigit(c) ? Rune.ToLowerInvariant(c).ToString() : " ");
        return string.Concat(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Fold(char c)
    {
        // Full-width letters, as some keyboards write them.
        if (c is >= '\uFF01' and <= '\uFF5E')
            c = (char)(c - '\uFF01' + '!');
        if (IsApostrophe(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
            return "";
        if (c == 'İ')
            return "i";
        c = char.ToLowerInvariant(c);
        return Unaccented.TryGetValue(c, out var plain) ? plain
            : char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) == UnicodeCategory.SpacingCombiningMark ? c.ToString()
            : " ";
    }

    private static bool IsApostrophe(char c) => c is '\'' or '’' or '‘' or '`' or '´' or 'ʼ' or 'ʻ' or '＇' or '′';

    /// <summary>"o brien" is how many people type O'Brien. A comma parts them: "O, Min-jun" has the family name O.</summary>
    private static IEnumerable<string> JoinedAfterO(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
            yield return words[i] == "o" && i + 1 < words.Length ? "o" + words[++i] : words[i];
    }
}
