namespace PatientResponse.Infrastructure.Patients.Names;

/// <summary>Whether search keys have each of some words as a whole word.</summary>
/// <param name="words">Normalised, with one space between.</param>
internal sealed class WholeWords(string words)
{
    private readonly (string Last, string Within)[] _words = [.. words.Split(' ').Select(word => (' ' + word, $" {word} "))];

    public bool AreIn(string key) =>
        _words.All(word => key.EndsWith(word.Last, StringComparison.Ordinal) || key.Contains(word.Within, StringComparison.Ordinal));
}
