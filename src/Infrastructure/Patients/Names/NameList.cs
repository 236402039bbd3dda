namespace PatientResponse.Infrastructure.Patients.Names;

/// <param name="Rank">0 where title and brackets match as well, otherwise 1.</param>
public sealed record NameHit(string Id, string Name, int Rank = 0);

/// <summary>The names of a list of patients, to be searched in memory: by their words, and by words that are like them.</summary>
public sealed class NameList
{
    /// <summary>Shorter words are like too many others.</summary>
    private const int ShortestSlip = 4;
    private const int FewestWordsToMissOne = 3;

    /// <summary>Mc, van, al, de …: in another spelling they may be one word with the next.</summary>
    private const int LongestParticle = 3;
    private readonly Guid[] _ids;
    private readonly string[] _names;
    private readonly Dictionary<string, List<int>> _rows = [];
    private readonly ILookup<string, string> _sounds;
    private readonly ILookup<int, string> _lengths;

    /// <param name="rows">Ids of 32 hexadecimal digits, and search keys.</param>
    public NameList(IReadOnlyList<(string Id, string Name)> rows)
    {
        _ids = [.. rows.Select(row => Guid.ParseExact(row.Id, "N"))];
        _names = [.. rows.Select(row => row.Name)];
        for (var row = 0; row < _names.Length; row++)
            foreach (var word in WordsOf(_names[row]))
                (_rows.TryGetValue(word, out var known) ? known : _rows[word] = []).Add(row);
        _sounds = _rows.Keys.ToLookup(WordDistance.Sound);
        _lengths = _rows.Keys.ToLookup(word => word.Length);
    }

    public int Count => _names.Length;

    public IEnumerable<NameHit> All => _names.Select((_, row) => Hit(row, 0));

    /// <summary>Who has the name: first those who have its title and brackets too, then those who have it in whole words.</summary>
    public IReadOnlyList<NameHit> Find(PatientQuery.ByName query)
    {
        var (match, whole, aside) = (new NameMatch(query.Tokens), new WholeWords(query.Normalised), new WholeWords(query.Aside));
        return [.. Beginning(match).Where(row => match.Matches(_names[row]))
            .Select(row => (Row: row, Rank: query.Aside != "" && aside.AreIn(_names[row]) ? 0 : 1, Name: _names[row]))
            .OrderBy(hit => hit.Rank).ThenByDescending(hit => whole.AreIn(hit.Name)).ThenBy(hit => hit.Name, StringComparer.Ordinal)
            .Select(hit => Hit(hit.Row, hit.Rank))];
    }

    /// <summary>Who has a name like it, the likest first: spelled otherwise, with one slip, or with one name of three missing.</summary>
    public IReadOnlyList<NameHit> FindSimilar(PatientQuery.ByName query, int most)
    {
        var match = new NameMatch(query.Tokens);
        return [.. Writings(query.Tokens).SelectMany(Near).Where(found => !match.Matches(_names[found.Row]))
            .GroupBy(found => found.Row, found => found.Far).Select(found => (Row: found.Key, Far: found.Min()))
            .OrderBy(found => found.Far).ThenBy(found => _names[found.Row], StringComparer.Ordinal).Take(most)
            .Select(found => Hit(found.Row, 0))];
    }

    /// <summary>The few rows that can match: a word of theirs begins with what the name begins with, or the other way round.</summary>
    private IEnumerable<int> Beginning(NameMatch match) =>
        _rows.Where(word => word.Key.StartsWith(match.First, StringComparison.Ordinal) || match.Openings.Contains(word.Key)).SelectMany(word => word.Value).Distinct();

    /// <summary>As typed, and with a particle and its word in one.</summary>
    private static IEnumerable<IReadOnlyList<string>> Writings(IReadOnlyList<string> words) =>
    [
        words,
        .. from i in Enumerable.Range(0, words.Count - 1)
           where words[i].Length <= LongestParticle
           select (IReadOnlyList<string>)[.. words.Take(i), words[i] + words[i + 1], .. words.Skip(i + 2)],
    ];

    private IEnumerable<(int Row, int Far)> Near(IReadOnlyList<string> typed)
    {
        var words = typed.Select(word => (Word: word, Similar: SimilarTo(word))).ToList();
        var mayMissOne = words.Count >= FewestWordsToMissOne;
        var alike = words.SelectMany(word => word.Similar.Keys);
        // Each word must be there, as it is or alike: where one of them is rare, few rows need to be looked at.
        IEnumerable<IEnumerable<string>> ways = mayMissOne
            ? [alike.Concat(words.Select(word => word.Word))]
            : [alike, .. words.Select(word => word.Similar.Keys.Concat(_rows.Keys.Where(one => one.StartsWith(word.Word, StringComparison.Ordinal))))];
        var candidates = ways.Select(way => way.Select(word => _rows.GetValueOrDefault(word) ?? []).ToList()).MinBy(way => way.Sum(rows => rows.Count))!
            .SelectMany(rows => rows).Distinct();
        return from row in candidates
               let far = Far(_names[row])
               where far is not null
               select (row, far.Value);

        int? Far(string name)
        {
            var (far, missing, own) = (0, 0, WordsOf(name));
            foreach (var (word, similar) in words)
            {
                if (own.Any(one => one.StartsWith(word, StringComparison.Ordinal)))
                    continue;
                var nearest = own.Min(one => similar.TryGetValue(one, out var distance) ? distance : int.MaxValue);
                missing += nearest == int.MaxValue ? 1 : 0;
                far += nearest == int.MaxValue ? word.Length : nearest;
            }
            return missing == 0 || (missing == 1 && mayMissOne) ? far : null;
        }
    }

    private static string[] WordsOf(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. words, .. words.Zip(words.Skip(1)).Where(pair => pair.First.Length <= LongestParticle).Select(pair => pair.First + pair.Second)];
    }

    private Dictionary<string, int> SimilarTo(string word)
    {
        var slips = Enumerable.Range(word.Length - 1, 3).Where(length => Math.Max(length, word.Length) >= ShortestSlip)
            .SelectMany(length => _lengths[length]).Where(one => WordDistance.IsOneSlip(one, word));
        return slips.Concat(_sounds[WordDistance.Sound(word)]).Distinct()
            .Select(one => (Word: one, Far: WordDistance.Of(one, word)))
            .Where(one => one.Far > 0 && WordDistance.IsNear(one.Far, one.Word, word))
            .ToDictionary(one => one.Word, one => one.Far);
    }

    private NameHit Hit(int row, int rank) => new(_ids[row].ToString("N"), _names[row], rank);
}
