namespace PatientResponse.Infrastructure.Patients.Names;

/// <summary>
/// Whether a search key has the words of a name, in any order, each at the beginning of one of its words. Where a name is parted does not
/// matter: McCann, Mc Cann; vanderBerg, van der Berg.
/// </summary>
public sealed class NameMatch
{
    /// <summary>"van der Berg", with one to spare.</summary>
    private const int MostJoined = 4;

    /// <summary>Fewer letters of a word that is parted otherwise say nothing: "jos" is the beginning of Joseph and not of Jo Smith.</summary>
    private const int FewestOfPart = 3;
    private const int FewestOfWholePart = 2;
    private readonly string[] _words;
    private readonly string[] _begun;
    private readonly Run[][] _joined;

    /// <param name="words">Normalised, none empty.</param>
    public NameMatch(IReadOnlyList<string> words)
    {
        _words = [.. words];
        _begun = [.. words.Select(word => ' ' + word)];
        _joined = [.. words.Select((_, end) => Enumerable.Range(2, MostJoined - 1).Where(count => count <= end + 1)
            .Select(count => new Run(string.Concat(_words[(end + 1 - count)..(end + 1)]), count, _words[end].Length)).ToArray())];
        var longest = string.Concat(_words.Take(MostJoined));
        Openings = Enumerable.Range(1, longest.Length - 1).Select(length => longest[..length]).ToHashSet();
    }

    /// <summary>A key that matches has a word that begins with this, or is one of <see cref="Openings"/>.</summary>
    public string First => _words[0];

    /// <summary>What the first word, joined with those after it or not, may begin with where the key is parted otherwise.</summary>
    public IReadOnlySet<string> Openings { get; }

    public bool Matches(string key)
    {
        // Which of the words up to each are found, alone or joined with those before it.
        Span<bool> found = stackalloc bool[_words.Length + 1];
        found[0] = true;
        for (var end = 0; end < _words.Length; end++)
        {
            found[end + 1] = found[end] && (key.Contains(_begun[end], StringComparison.Ordinal) || IsParted(key, _words[end], int.MaxValue));
            foreach (var run in _joined[end])
                found[end + 1] |= found[end + 1 - run.Count] && IsParted(key, run.Letters, run.OfLast);
        }
        return found[^1];
    }

    /// <param name="ofLast">How many letters of the search's last word are in it.</param>
    private static bool IsParted(string key, string letters, int ofLast)
    {
        for (var start = 0; start >= 0 && start < key.Length; start = key.IndexOf(' ', start + 1))
            if (key[start + 1] == letters[0] && IsPartedAt(key, start + 1, letters, ofLast))
                return true;
        return false;
    }

    private static bool IsPartedAt(string key, int place, string letters, int ofLast)
    {
        var ofPart = 0;
        var crossed = false;
        foreach (var letter in letters)
        {
            if (place < key.Length && key[place] == ' ')
                (place, ofPart, crossed) = (place + 1, 0, true);
            if (place == key.Length || key[place] != letter)
                return false;
            (place, ofPart) = (place + 1, ofPart + 1);
        }
        var least = Math.Min(crossed ? ofPart : int.MaxValue, ofLast);
        return least >= FewestOfPart || (least >= FewestOfWholePart && (place == key.Length || key[place] == ' '));
    }

    private sealed record Run(string Letters, int Count, int OfLast);
}
