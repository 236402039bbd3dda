using System.Text;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Looks for the names of Word fields that start programs, fetch documents, or spell such names out in numbers (QUOTE).</summary>
internal sealed class FieldWords
{
    private const int LongestWord = 12;
    private static readonly HashSet<string> Telling = new(StringComparer.OrdinalIgnoreCase) { "DDE", "DDEAUTO", "INCLUDETEXT", "QUOTE" };
    private readonly StringBuilder word = new(LongestWord + 1);

    public bool Active { get; private set; }

    /// <summary>False when a word has just ended.</summary>
    public bool Feed(char letter)
    {
        if (letter == '\0') return true; // Half of a character of two bytes.
        if (char.IsAsciiLetterOrDigit(letter))
        {
            if (word.Length <= LongestWord) word.Append(letter);
            return true;
        }
        return !End();
    }

    /// <summary>Whether there was a word.</summary>
    public bool End()
    {
        if (word.Length == 0) return false;
        Active |= Telling.Contains(word.ToString());
        word.Clear();
        return true;
    }
}
