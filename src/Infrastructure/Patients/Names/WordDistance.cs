using System.Text;

namespace PatientResponse.Infrastructure.Patients.Names;

/// <summary>How alike two normalised words are, by their letters and by their sound.</summary>
public static class WordDistance
{
    /// <summary>A letter too many, too few or another, or two that changed places.</summary>
    public static bool IsOneSlip(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (Math.Abs(one.Length - other.Length) > 1)
            return false;
        var same = one.CommonPrefixLength(other);
        one = one[same..];
        other = other[same..];
        while (one.Length > 0 && other.Length > 0 && one[^1] == other[^1])
        {
            one = one[..^1];
            other = other[..^1];
        }
        return one.Length <= 1 && other.Length <= 1 || one.Length == 2 && other.Length == 2 && one[0] == other[1] && one[1] == other[0];
    }

    /// <summary>The letters to change to make one of the other; two that changed places are one.</summary>
    public static int Of(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        return rows[one.Length, other.Length];
    }

    /// <summary>What is left of a word's sound without its vowels, so that Mohamed, Mohammed and Muhammad are one, and Stephen and Steven.
    /// Names come from many languages: this forgives more than an English rule such as Soundex would, and only sorts out what to compare.</summary>
    public static string Sound(string word)
    {
        var plain = new StringBuilder(word)
            .Replace("ph", "f").Replace("ck", "k").Replace("gh", "h").Replace("sch", "s").Replace("kn", "n").Replace("wr", "r")
            .Replace("ce", "se").Replace("ci", "si").Replace("cy", "sy").Replace("ge", "je").Replace("gi", "ji").Replace("x", "ks").ToString();
        var sound = new StringBuilder();
        for (var i = 0; i < plain.Length; i++)
        {
            if (i > 0 && plain[i] == plain[i - 1])
                continue;
            var letter = plain[i] switch { 'c' or 'q' => 'k', 'z' => 's', 'v' => 'f', var other => other };
            if (letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'w' or 'h')
                letter = i > 0 ? '\0' : letter is 'y' or 'w' or 'h' ? letter : 'a';
            if (letter != '\0')
                sound.Append(letter);
        }
        return sound.ToString();
    }

    /// <summary>At most half of the letters differ; otherwise a short sound would be one with too many.</summary>
    public static bool IsNear(int distance, string one, string other) => distance <= Math.Max(one.Length, other.Length) / 2;
}
